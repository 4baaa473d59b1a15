import t from 'tap'
import { type AcceptanceOptions, parseOptions } from '../../acceptance/options.js'

const LEAST = '--collector http://c:28080 --web http://web/ --broker http://broker:8080 --app-url http://app/'.split(
  ' ',
)

const parse = (more: string[], environment = { BROKER_PASSWORD: 'secret' }): AcceptanceOptions | undefined =>
  parseOptions([...LEAST, ...more], environment, (path) => `text of ${path}\n`)

t.test('defaults', async (t) => {
  t.match(parse([]), {
    collectors: ['http://c:28080'],
    collectorHosts: [],
    web: 'http://web',
    broker: { url: 'http://broker:8080', user: 'admin', password: 'secret' },
    application: 'spring-music',
    waitMs: 180_000,
  })
})

t.test('passwords come from files', async (t) => {
  const options = parse(['--broker-password-file', 'a', '--web-password-file', 'b'], { BROKER_PASSWORD: '' })
  t.equal(options?.broker.password, 'text of a')
  t.equal(options?.webPassword, 'text of b')
})

t.test('help needs nothing else', async (t) => {
  t.equal(
    parseOptions(['--help'], {}, () => ''),
    undefined,
  )
})

t.test('what is missing or wrong is named', async (t) => {
  t.throws(() => parse([], { BROKER_PASSWORD: '' }), /--broker-password-file/)
  t.throws(() => parse(['--wait', 'long']), /--wait long/)
  t.throws(() => parse(['--requests', '0']), /--requests 0/)
  t.throws(() => parse(['--web', 'web:80']), /--web web:80/)
  t.throws(() => parse(['--agent', 'dir']), /--start-app/)
  t.throws(() => parseOptions(LEAST.slice(2), { BROKER_PASSWORD: 'x' }, () => ''), /--collector/)
})

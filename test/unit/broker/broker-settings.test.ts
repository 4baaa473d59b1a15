import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { brokerProblems, brokerWarnings, offerOf, platformCredentials } from '../../../src/broker/broker-settings.js'
import { inspectSettings, type Settings } from '../../../src/config/settings.js'

function read(environment: Record<string, string>): Settings {
  const { settings, problems } = inspectSettings({ environment })
  t.same(problems, [])
  return settings
}

const RIGHT = { PINPOINT_BROKER_COLLECTORS: 'c1, 10.0.0.2', PINPOINT_BROKER_PASSWORD: 'p' }

t.test('collectors and password are needed', async (t) => {
  t.match(brokerProblems(read({})), [/^broker\.collectors .* is not set/, /^broker\.password .* is not set/])
  t.same(brokerProblems(read(RIGHT)), [])
  t.match(brokerProblems(read({ ...RIGHT, PINPOINT_SPAN_PORT: '0' })), [/^span\.port .* is 0/])
})

t.test('the offer is made of the settings', async (t) => {
  const offer = offerOf(read({ ...RIGHT, PINPOINT_TCP_PORT: '9994', PINPOINT_BROKER_DASHBOARD_URL: 'http://d/#/main' }))
  t.same(offer, {
    collectors: ['c1', '10.0.0.2'],
    ports: { tcp: 9994, stat: 29995, span: 29996 },
    dashboardUrl: 'http://d/#/main',
    maxRecords: 20_000,
  })
  t.equal(offerOf(read(RIGHT)).dashboardUrl, null)
})

t.test('the known password is taken only for trials, and only when there is no other', async (t) => {
  const trial = read({ PINPOINT_BROKER_COLLECTORS: 'c1', PINPOINT_BROKER_DEVELOPMENT: 'true' })
  t.same(brokerProblems(trial), [])
  t.same(platformCredentials(trial), { user: 'admin', password: 'cloudfoundry' })
  t.match(brokerWarnings(trial), [/everybody knows the password/, /dashboardUrl is not set/])
  const both = read({ ...RIGHT, PINPOINT_BROKER_DEVELOPMENT: 'true', PINPOINT_BROKER_USERNAME: 'cc' })
  t.same(platformCredentials(both), { user: 'cc', password: 'p' })
  t.match(brokerWarnings(both), [/has no effect/, /dashboardUrl/])
})

t.test('the password may stand in a file', async (t) => {
  const file = join(t.testdir(), 'secret')
  writeFileSync(file, 'from the file\n')
  const settings = read({ PINPOINT_BROKER_COLLECTORS: 'c1', PINPOINT_BROKER_PASSWORD_FILE: file })
  t.same(platformCredentials(settings), { user: 'admin', password: 'from the file' })
})

t.test('values that cannot be are refused', async (t) => {
  for (const [name, value] of [
    ['COLLECTORS', 'c1,c1'],
    ['COLLECTORS', 'c1:9994'],
    ['COLLECTORS', ','],
    ['COLLECTORS', 'http://c1'],
    ['DASHBOARD_URL', 'page'],
    ['USERNAME', 'a:b'],
    ['MAX_RECORDS', '0'],
    ['STATE_DIR', 'x'.repeat(99)],
  ]) {
    const { problems } = inspectSettings({ environment: { [`PINPOINT_BROKER_${name}`]: value } })
    t.match(problems, [{ message: /is not allowed; allowed: / }], `${name}=${value}`)
  }
})

t.test('the state is beside the other data unless told otherwise', async (t) => {
  t.equal(read({ PINPOINT_DATA_DIR: '/d' }).brokerStateDir, '/d/broker')
  t.equal(read({ PINPOINT_BROKER_STATE_DIR: '/s' }).brokerStateDir, '/s')
})

import t from 'tap'
import { createLogger, type LimitedWarn, limitWarnings } from '../../../src/log.js'

interface Line {
  text: string
  fields: Record<string, unknown>
}

function limited(maxPeers = 3): { warn: LimitedWarn; lines: Line[]; clock: { ms: number } } {
  const lines: Line[] = []
  const clock = { ms: 0 }
  const log = { warn: (fields: Record<string, unknown>, text: string) => void lines.push({ fields, text }) }
  const warn = limitWarnings(log as Parameters<typeof limitWarnings>[0], { maxPeers, now: () => clock.ms })
  return { warn, lines, clock }
}

t.test('log lines are JSON with time, level and text', async (t) => {
  const lines: string[] = []
  const log = createLogger('warn', { write: (line) => void lines.push(line) })
  log.info('not shown')
  log.warn({ table: 'Traces' }, 'raise it')
  t.equal(lines.length, 1)
  t.match(JSON.parse(lines[0]), {
    level: 'warn',
    time: /^\d{4}-.*Z$/,
    pid: process.pid,
    table: 'Traces',
    msg: 'raise it',
  })
})

t.test('the first warning of a key is logged at once, then one a period with the number left out', async (t) => {
  const { warn, lines, clock } = limited()
  warn('a', 'one', { n: 1 })
  for (let i = 0; i < 5; i++) warn('a', 'left out')
  warn('b', 'other key')
  t.same(lines, [
    { text: 'one', fields: { n: 1 } },
    { text: 'other key', fields: {} },
  ])
  clock.ms = 9999
  warn('a', 'left out')
  clock.ms = 10_000
  warn('a', 'again')
  t.same(lines[2], { text: 'again', fields: { suppressed: 6 } })
})

t.test('peers of one kind beyond the bound share one line a period', async (t) => {
  const { warn, lines, clock } = limited(3)
  for (let i = 0; i < 1000; i++) warn('decode', `text ${i}`, {}, `10.0.0.${i}`)
  t.same(
    lines.map((l) => l.text),
    ['text 0', 'text 1', 'text 2', 'text 3'],
  )
  warn('decode', 'left out', {}, '10.0.0.1')
  clock.ms = 20_000
  warn('decode', 'has room again', {}, 'new')
  warn('decode', 'of its own', {}, '10.0.0.1')
  warn('decode', 'of its own', {}, '10.0.0.2')
  warn('decode', 'shared', {}, '10.0.0.3')
  t.same(lines.slice(4), [
    { text: 'more warnings like the last one about: decode 10.0.0.1', fields: { suppressed: 1 } },
    { text: 'has room again', fields: {} },
    { text: 'of its own', fields: {} },
    { text: 'of its own', fields: {} },
    { text: 'shared', fields: { suppressed: 996 } },
  ])
})

t.test('a flood from ever new peers hides no warning of another kind', async (t) => {
  const { warn, lines, clock } = limited(3)
  for (clock.ms = 0; clock.ms < 60_000; clock.ms++) {
    warn('decode', 'flood', {}, clock.ms)
    if (clock.ms % 10_000 === 5_000) warn('store', 'the store is away')
  }
  t.equal(lines.filter((l) => l.text === 'the store is away').length, 6)
  t.ok(lines.length < 6 + 6 * (3 + 1 + 3), `${lines.length} lines`)
})

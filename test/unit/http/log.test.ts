import t from 'tap'
import { createLogger, type LimitedWarn, limitWarnings } from '../../../src/log.js'

interface Line {
  text: string
  fields: Record<string, unknown>
}

function limited(maxKeys = 3): { warn: LimitedWarn; lines: Line[]; clock: { ms: number } } {
  const lines: Line[] = []
  const clock = { ms: 0 }
  const log = { warn: (fields: Record<string, unknown>, text: string) => void lines.push({ fields, text }) }
  const warn = limitWarnings(log as Parameters<typeof limitWarnings>[0], { maxKeys, now: () => clock.ms })
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

t.test('keys beyond the bound share one line a period', async (t) => {
  const { warn, lines, clock } = limited(3)
  for (let i = 0; i < 1000; i++) warn(`key ${i}`, `text ${i}`)
  t.same(
    lines.map((l) => l.text),
    ['text 0', 'text 1', 'text 2', 'text 3'],
  )
  warn('key 1', 'left out')
  clock.ms = 20_000
  warn('new', 'has room again')
  t.same(lines.slice(4), [
    { text: 'more warnings like the last one about: key 1', fields: { suppressed: 1 } },
    { text: 'more warnings like the last one about: too many kinds of warnings', fields: { suppressed: 996 } },
    { text: 'has room again', fields: {} },
  ])
})

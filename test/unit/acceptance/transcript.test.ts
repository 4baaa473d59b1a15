import t from 'tap'
import { block, playSteps, type Step, type Teller } from '../../acceptance/transcript.js'

type Play = (run: string[], say: Teller) => Promise<void>

async function transcript(...steps: Step<string[]>[]): Promise<{ text: string; tally: object; run: string[] }> {
  const lines: string[] = []
  const run: string[] = []
  const tally = await playSteps(steps, run, (text) => lines.push(text))
  return { text: lines.join('\n'), tally, run }
}

const step = (number: string, play: Play): Step<string[]> => ({ number, command: `cf ${number}`, play })

t.test('a step shows what was asked, what came, and what was found', async (t) => {
  const { text, tally } = await transcript(
    step('7', async (_, say) => {
      say.asked('GET /v2/catalog')
      say.came('200 {}')
      say.check('200', true, '200')
    }),
  )
  t.match(text, '  7  cf 7\n     asked  GET /v2/catalog\n     came   200 {}\n     ok     200: 200\n     pass')
  t.strictSame(tally, { pass: 1, fail: 0, none: 0 })
})

t.test('a wrong condition fails its step, and the next is played', async (t) => {
  const { text, tally, run } = await transcript(
    step('1', async (_, say) => {
      say.check('first', false, '500')
      say.check('second', true)
    }),
    step('2', async (run, say) => {
      run.push('played')
      say.problems('shape', [])
    }),
  )
  t.match(text, 'WRONG  first: 500')
  t.match(text, 'steps passed: 1, failed: 1, without a counterpart: 0')
  t.strictSame(tally, { pass: 1, fail: 1, none: 0 })
  t.strictSame(run, ['played'])
})

t.test('a step that throws, has problems or checks nothing has failed', async (t) => {
  const { text, tally } = await transcript(
    step('1', async () => {
      throw new Error('connection refused')
    }),
    step('2', async (_, say) => say.problems('tables', ['missing: Traces'])),
    step('3', async (_, say) => say.came('nothing')),
  )
  t.match(text, 'WRONG  the step comes to its end: connection refused')
  t.match(text, 'WRONG  tables: missing: Traces')
  t.strictSame(tally, { pass: 0, fail: 3, none: 0 })
})

t.test('a step of the platform alone says why it is not played', async (t) => {
  const { text, tally } = await transcript({ number: '3', command: 'bosh deploy', none: 'there is no BOSH' })
  t.match(text, '  3  bosh deploy\n            no counterpart: there is no BOSH')
  t.strictSame(tally, { pass: 0, fail: 0, none: 1 })
})

t.test('a long text is cut in the middle', async (t) => {
  const lines = block('came', Array.from({ length: 100 }, (_, i) => `line ${i}`).join('\n')).split('\n')
  t.equal(lines.length, 25)
  t.equal(lines[0], '     came   line 0')
  t.equal(lines[12], '            … 76 lines …')
  t.equal(lines[24], '            line 99')
})

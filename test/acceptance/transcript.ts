// The transcript: one block a step, with what was asked, what came, and what was found right or wrong.

const MOST_LINES = 24

/** A step of the guide; `play` is absent where only the platform itself has that step, and `none` says why. */
export type Step<Run> = { number: string; command: string } & (
  | { play: (run: Run, say: Teller) => Promise<void> }
  | { none: string }
)

export interface Teller {
  /** what is asked of the stack */
  asked: (text: string) => void
  /** what came back */
  came: (text: string) => void
  /** a condition of this step, with what was found */
  check: (what: string, ok: boolean, found?: string) => void
  /** as many conditions as there are problems, or one that holds */
  problems: (what: string, problems: readonly string[]) => void
}

export interface Tally {
  pass: number
  fail: number
  none: number
}

/** A label and a text of any number of lines, indented; a long text is cut in the middle. */
export function block(label: string, text: string): string {
  const all = text.trimEnd().split('\n')
  const half = MOST_LINES / 2
  const cut = [...all.slice(0, half), `… ${all.length - MOST_LINES} lines …`, ...all.slice(-half)]
  const lines = all.length > MOST_LINES ? cut : all
  return lines.map((line, i) => `     ${(i === 0 ? label : '').padEnd(7)}${line}`.trimEnd()).join('\n')
}

/** Plays the steps in order, each to its end also after a failure; the steps after it say what they miss. */
export async function playSteps<Run>(
  steps: readonly Step<Run>[],
  run: Run,
  print: (text: string) => void,
): Promise<Tally> {
  const tally: Tally = { pass: 0, fail: 0, none: 0 }
  for (const step of steps) {
    print(`\n${step.number.padStart(3)}  ${step.command}`)
    if ('none' in step) {
      print(block('', `no counterpart: ${step.none}`))
      tally.none++
      continue
    }
    tally[(await playStep(step.play, run, print)) ? 'pass' : 'fail']++
  }
  print(`\nsteps passed: ${tally.pass}, failed: ${tally.fail}, without a counterpart: ${tally.none}`)
  return tally
}

async function playStep<Run>(
  play: (run: Run, say: Teller) => Promise<void>,
  run: Run,
  print: (text: string) => void,
): Promise<boolean> {
  let checks = 0
  let failed = 0
  const check = (what: string, ok: boolean, found?: string): void => {
    checks++
    if (!ok) failed++
    print(block(ok ? 'ok' : 'WRONG', found === undefined ? what : `${what}: ${found}`))
  }
  const problems = (what: string, list: readonly string[]): void => {
    if (list.length === 0) check(what, true)
    for (const problem of list) check(what, false, problem)
  }
  try {
    await play(run, {
      asked: (text) => print(block('asked', text)),
      came: (text) => print(block('came', text)),
      check,
      problems,
    })
    if (checks === 0) check('something is checked', false)
  } catch (error) {
    check('the step comes to its end', false, error instanceof Error ? error.message : String(error))
  }
  print(block(failed === 0 ? 'pass' : 'FAIL', ''))
  return failed === 0
}

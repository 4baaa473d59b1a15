import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BenchOptions } from './options.js'
import type { CaseResult } from './result.js'
import type { StageOrder, StageResult } from './stage-loop.js'

const PROGRAM = fileURLToPath(new URL('./stage-loop.js', import.meta.url))

/** `decode` or `rows`: a stage by itself in a process by itself, as fast as it goes. */
export async function stageCase(stage: StageOrder['stage'], options: BenchOptions): Promise<CaseResult> {
  const { agents, seconds, spans: events, profile } = options
  const { NODE_OPTIONS: _, ...env } = process.env
  const execArgv = profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}/${stage}`]
  const child = fork(PROGRAM, [], { env, execArgv })
  const exit = once(child, 'exit')
  child.send({ stage, agents, events, seconds } satisfies StageOrder)
  const answer = once(child, 'message').then(([message]) => message as StageResult)
  const result = await Promise.race([answer, exit.then(() => null)])
  await exit
  if (result === null) throw new Error(`the case ${stage} ended without a result`)
  return {
    case: stage,
    collector: 'in-process',
    agents,
    round: null,
    datagramRate: (result.datagrams * 1000) / result.tookMs,
    spanRate: (result.spans * 1000) / result.tookMs,
    cpuUsADatagram: (result.cpuSeconds * 1e6) / result.datagrams,
    cpuUsASpan: (result.cpuSeconds * 1e6) / result.spans,
    rssBytes: result.rssBytes,
    rows: result.rows,
    stored: null,
    readyMs: null,
    stages: null,
    ramp: null,
  }
}

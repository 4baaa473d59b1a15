import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { traceIdsOf } from '../measure/store-count.js'
import type { Registered } from './agent-connections.js'
import type { GeneratorAnswer, GeneratorOrder } from './generator.js'
import { agentsOf } from './identity.js'
import { nothingSent, type Sent } from './sender.js'

const PROGRAM = fileURLToPath(new URL('./generator.js', import.meta.url))

export interface GeneratorOptions {
  processes: number
  agents: number
  events: number | null
  /** CPU list for taskset; null: any */
  cpus: string | null
  /** false: UDP only */
  tcp?: boolean
}

/** The processes that simulate the agents, outside of the collector's limits. */
export class Generators {
  private ended = false
  /** since connect() */
  readonly total = nothingSent()
  /** by process */
  private readonly traces: number[]

  private constructor(
    private readonly children: readonly ChildProcess[],
    readonly registered: Registered,
    private readonly agents: number,
    private readonly run: number,
  ) {
    this.traces = children.map(() => 0)
  }

  /** Resolves when all agents have shaken hands and sent their metadata. */
  static async connect(
    ports: { tcp: number; stat: number; span: number },
    { processes, agents, events, cpus, tcp = true }: GeneratorOptions,
  ): Promise<Generators> {
    const count = Math.min(processes, agents)
    // nothing of a test runner's own, which loads itself into every child
    const { NODE_OPTIONS: _, ...env } = process.env
    const children = Array.from({ length: count }, () => fork(PROGRAM, [], { env, execArgv: [] }))
    for (const { pid } of children) if (cpus !== null) execFileSync('taskset', ['-cp', cpus, String(pid)])
    const run = Date.now()
    const answers = await Promise.all(
      children.map((child, first) => ask(child, { connect: { ports, first, step: count, agents, run, events, tcp } })),
    )
    const registered = { requests: 0, failed: 0 }
    for (const answer of answers) {
      if (!('connected' in answer)) throw new Error(`unexpected answer ${JSON.stringify(answer)}`)
      registered.requests += answer.connected.requests
      registered.failed += answer.connected.failed
    }
    return new Generators(children, registered, agents, run)
  }

  /** @param rate spans and chunks a second, of all together; Infinity: all they can */
  async send(rate: number, seconds: number): Promise<Sent> {
    const each = Number.isFinite(rate) ? rate / this.children.length : null
    const answers = await Promise.all(
      this.children.map((child) => ask(child, { send: { rate: each, ms: seconds * 1000 } })),
    )
    const total = nothingSent()
    for (const [i, answer] of answers.entries()) {
      if (!('sent' in answer)) throw new Error(`unexpected answer ${JSON.stringify(answer)}`)
      this.traces[i] += answer.sent.traces
      const { tookMs, ...counts } = answer.sent
      for (const name of Object.keys(counts) as (keyof typeof counts)[]) {
        total[name] += counts[name]
        this.total[name] += counts[name]
      }
      total.tookMs = Math.max(total.tookMs, tookMs)
    }
    return total
  }

  /** Ids of all traces that were begun. */
  *traceIds(): Generator<string> {
    for (const [first, traces] of this.traces.entries())
      yield* traceIdsOf(agentsOf(first, this.children.length, this.agents, this.run), traces)
  }

  get pids(): number[] {
    return this.children.map(({ pid }) => pid!)
  }

  /** May be called again. */
  async end(): Promise<void> {
    if (this.ended) return
    this.ended = true
    await Promise.all(
      this.children.map(async (child) => {
        const exit = once(child, 'exit')
        child.send({ end: true } satisfies GeneratorOrder)
        await exit
      }),
    )
  }
}

async function ask(child: ChildProcess, order: GeneratorOrder): Promise<GeneratorAnswer> {
  const answered = new AbortController()
  const { signal } = answered
  child.send(order)
  const answer = await Promise.race([
    once(child, 'message', { signal }).then(([message]) => message as GeneratorAnswer),
    once(child, 'exit', { signal }).then(([code]): GeneratorAnswer => ({ failed: `a generator ended with ${code}` })),
  ])
  // the other of the two listens no longer, and what it would have said does not matter
  answered.abort()
  if ('failed' in answer) throw new Error(answer.failed)
  return answer
}

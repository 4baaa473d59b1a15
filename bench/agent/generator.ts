import { AgentConnections, type Registered } from './agent-connections.js'
import { agentsOf } from './identity.js'
import { readMix } from './mix.js'
import { Sender, type Sent } from './sender.js'
import { templateOf } from './template.js'
import { tracesToSend } from './traces.js'

// The program of one generator process: agents of its own, their connections and datagrams. It does what it is told.

export interface GeneratorOrder {
  connect?: {
    ports: { tcp: number; stat: number; span: number }
    /** numbers of its agents: first, first + step, … below agents */
    first: number
    step: number
    agents: number
    /** start time of agent 0, ms: new for each run, so that its rows are known */
    run: number
    /** events of each span; null: as recorded */
    events: number | null
    /** false: UDP only, to measure the generator alone */
    tcp: boolean
  }
  /** @see Sender.send; rate null: all it can */
  send?: { rate: number | null; ms: number }
  end?: true
}

export type GeneratorAnswer = { connected: Registered } | { sent: Sent } | { ended: true } | { failed: string }

let sender: Sender | undefined
let connections: AgentConnections | undefined

async function connect(order: NonNullable<GeneratorOrder['connect']>): Promise<Registered> {
  const mix = readMix()
  const agents = agentsOf(order.first, order.step, order.agents, order.run)
  sender = await Sender.open({
    agents,
    round: tracesToSend(mix, order.events ?? undefined).map((trace) => trace.map(templateOf)),
    stats: mix.stats.map(templateOf),
    statPeriodSeconds: mix.statPeriodSeconds,
    spanPort: order.ports.span,
    statPort: order.ports.stat,
  })
  if (!order.tcp) return { requests: 0, failed: 0 }
  connections = new AgentConnections(mix, order.ports.tcp)
  return connections.register(agents)
}

async function obey(order: GeneratorOrder): Promise<GeneratorAnswer> {
  if (order.connect !== undefined) return { connected: await connect(order.connect) }
  if (order.send !== undefined) return { sent: await sender!.send(order.send.rate ?? Infinity, order.send.ms) }
  sender?.close()
  await connections?.end()
  return { ended: true }
}

process.on('message', async (order: GeneratorOrder) => {
  const answer = await obey(order).catch((error: unknown): GeneratorAnswer => ({ failed: String(error) }))
  process.send!(answer, () => {
    if (order.end) process.disconnect()
  })
})

import { BytesIndex } from './aggregate/bytes-index.js'
import type { AgentStateEvent } from './receiver/tcp-handler.js'
import { NAME_WIDTH } from './row/transaction-id.js'

/** What one worker has seen of one agent. Times are ms, 0 for never. */
export interface AgentTraffic {
  agentId: string
  applicationName: string
  spanMessages: number
  statMessages: number
  tcpMessages: number
  dropped: number
  lastSpan: number
  lastStat: number
  lastTcp: number
  /** its newest TCP connection; null before the first */
  connection: AgentConnection | null
}

/** A TCP connection of an agent. */
export interface AgentConnection {
  /** start of the agent run, ms */
  startTimestamp: number
  remoteAddress: string
  socketId: number | undefined
  /** ms */
  since: number
  /** ms, null while it is open */
  until: number | null
}

/** Traffic by agent id, found without making a string a message. Bounded: when full, it starts anew. */
export class AgentRegistry {
  private readonly index = new BytesIndex()
  private entries: AgentTraffic[] = []

  constructor(private readonly maxAgents: number) {}

  get size(): number {
    return this.entries.length
  }

  /** The entry of the agent that is named by the slice; made when it is new. */
  get(bytes: Uint8Array, agentAt: number, agentLen: number, nameAt: number, nameLen: number): AgentTraffic {
    let entry = this.entryOf(bytes, agentAt, agentLen)
    if (entry >= this.maxAgents) {
      this.index.clear()
      this.entries = []
      entry = this.entryOf(bytes, agentAt, agentLen)
    }
    const agent = (this.entries[entry] ??= {
      agentId: text(bytes, agentAt, agentLen),
      applicationName: '',
      spanMessages: 0,
      statMessages: 0,
      tcpMessages: 0,
      dropped: 0,
      lastSpan: 0,
      lastStat: 0,
      lastTcp: 0,
      connection: null,
    })
    // statistics and metadata do not tell it
    if (agent.applicationName === '') agent.applicationName = text(bytes, nameAt, nameLen)
    return agent
  }

  /** Notes that a connection began or ended. */
  noteState(event: AgentStateEvent): void {
    if (event.event === 'ping') return
    const id = Buffer.from(event.agentId)
    const name = Buffer.from(event.applicationName)
    const { timestamp, remoteAddress, socketId } = event
    const agent = this.get(Buffer.concat([id, name]), 0, id.length, id.length, name.length)
    if (event.event === 'connected') {
      const startTimestamp = Number(event.startTimestamp)
      agent.connection = { startTimestamp, remoteAddress, socketId, since: timestamp, until: null }
    } else if (agent.connection?.socketId === socketId) {
      // the end of an older connection may be noticed late
      agent.connection!.until = timestamp
    }
  }

  private entryOf(bytes: Uint8Array, at: number, n: number): number {
    this.index.mark()
    this.index.w.raw(bytes, at, Math.min(n, NAME_WIDTH))
    return this.index.put()
  }

  list(): readonly AgentTraffic[] {
    return this.entries
  }
}

function text(bytes: Uint8Array, at: number, n: number): string {
  return n <= 0 ? '' : Buffer.from(bytes.subarray(at, at + Math.min(n, NAME_WIDTH))).toString('utf8')
}

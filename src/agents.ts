import { BytesIndex } from './aggregate/bytes-index.js'
import { NAME_WIDTH } from './row/transaction-id.js'

/** What one worker has seen of one agent. Times are ms, 0 for never. */
export interface AgentTraffic {
  agentId: string
  applicationName: string
  spanMessages: number
  statMessages: number
  tcpMessages: number
  dropped: number
  firstSeen: number
  lastSpan: number
  lastStat: number
  lastTcp: number
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
  get(bytes: Uint8Array, agentAt: number, agentLen: number, nameAt: number, nameLen: number, now: number): AgentTraffic {
    if (this.index.size >= this.maxAgents) {
      this.index.clear()
      this.entries = []
    }
    this.index.mark()
    this.index.w.raw(bytes, agentAt, Math.min(agentLen, NAME_WIDTH))
    const entry = this.index.put()
    return (this.entries[entry] ??= {
      agentId: text(bytes, agentAt, agentLen),
      applicationName: text(bytes, nameAt, nameLen),
      spanMessages: 0,
      statMessages: 0,
      tcpMessages: 0,
      dropped: 0,
      firstSeen: now,
      lastSpan: 0,
      lastStat: 0,
      lastTcp: 0,
    })
  }

  list(): readonly AgentTraffic[] {
    return this.entries
  }
}

function text(bytes: Uint8Array, at: number, n: number): string {
  return n <= 0 ? '' : Buffer.from(bytes.subarray(at, at + Math.min(n, NAME_WIDTH))).toString('utf8')
}

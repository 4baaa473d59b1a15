import { encodeIdPayload, PacketType } from '../../src/receiver/frame.js'
import { AgentConnection, isSuccess } from '../../test/builders/load-connection.js'
import { handshake } from '../../test/builders/tcp-packets.js'
import { encodeMessage } from '../../test/builders/thrift-encode.js'
import type { Plain } from '../../test/builders/thrift-idl.js'
import type { Identity } from './identity.js'
import type { Mix, MixMessage } from './mix.js'
import { filled } from './template.js'

/** Agents that shake hands and register at the same time. */
const LANES = 32
/** A recorded agent sends several hundred pieces of metadata in its first minute; these are enough for each kind. */
const REQUESTS_AN_AGENT: Partial<Record<MixMessage['message'], number>> = {
  TAgentInfo: 1,
  TApiMetaData: 8,
  TSqlMetaData: 2,
  TStringMetaData: 1,
}

export interface Registered {
  requests: number
  /** requests that were not answered with success */
  failed: number
}

/** Handshake, agent information and metadata of each agent over a TCP connection of its own, which stays open. */
export class AgentConnections {
  private readonly connections: AgentConnection[] = []
  private readonly registered: Registered = { requests: 0, failed: 0 }

  constructor(
    private readonly mix: Mix,
    private readonly port: number,
  ) {}

  async register(agents: readonly Identity[]): Promise<Registered> {
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < agents.length) await this.registerOne(agents[next++])
    }
    await Promise.all(Array.from({ length: Math.min(LANES, agents.length) }, lane))
    return this.registered
  }

  private async registerOne(own: Identity): Promise<void> {
    const connection = await AgentConnection.open(this.port)
    this.connections.push(connection)
    const { agentId, applicationName, startTime } = own
    // 1.5.2: what both collectors of a comparison know
    const shaken = await connection.ask(
      handshake({ agentId, applicationName, startTimestamp: BigInt(startTime), version: '1.5.2' }),
    )
    if (shaken === null) this.registered.failed++
    let id = 0
    for (const { message, bodies } of this.mix.requests) {
      for (const body of bodies.slice(-(REQUESTS_AN_AGENT[message] ?? 0))) {
        const payload = encodeMessage(message, filled(body, own) as Plain)
        const answer = await connection.ask(encodeIdPayload(PacketType.request, ++id, payload))
        this.registered.requests++
        if (!isSuccess(answer)) this.registered.failed++
      }
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.connections.map((connection) => connection.end()))
  }
}

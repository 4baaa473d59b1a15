import { encodeIdPayload, PacketType } from '../../src/receiver/frame.js'
import type { CollectorPorts } from './collector.js'
import { AgentConnection, isSuccess } from './load-connection.js'
import { UdpSender } from './load-udp.js'
import { long, pad24, rev } from './rows.js'
import { handshake } from './tcp-packets.js'
import { encodeMessage } from './thrift-encode.js'

const START = 1_500_000_000_000
const REQUESTS_AT_ONCE = 8
const SALT_DIGITS = 2

function varint(n: number): string {
  const bytes = []
  for (; n > 0x7f; n = Math.floor(n / 128)) bytes.push((n % 128) | 0x80)
  return Buffer.from([...bytes, n]).toString('hex')
}

/** A well-behaved agent with ids of its own, which remembers what it was told. */
export class SteadyAgent {
  /** ids of string metadata by what became of the request; the others got no answer */
  readonly acknowledged: number[] = []
  readonly refused: number[] = []
  requests = 0
  spans = 0
  private connection: AgentConnection | undefined
  private udp: UdpSender | undefined
  private nextId = 1
  private nextSequence = 1

  constructor(readonly agentId: string) {}

  async connect(ports: CollectorPorts): Promise<void> {
    this.udp?.close()
    this.udp = new UdpSender(ports.span)
    this.connection = await AgentConnection.open(ports.tcp)
    await this.connection.ask(handshake({ agentId: this.agentId, applicationName: 'STEADY' }))
  }

  get connected(): boolean {
    return this.connection !== undefined && !this.connection.closed
  }

  /** Requests one after the other, several at a time, until the signal or the end of the connection. */
  async requestUntil(signal: AbortSignal): Promise<void> {
    const lane = async (): Promise<void> => {
      while (!signal.aborted && this.connected) await this.request()
    }
    await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, lane))
  }

  /** Spans by the clock until the signal. */
  async spansUntil(signal: AbortSignal, rate: number): Promise<void> {
    await this.udp?.atRate(rate, () => this.span(), signal)
  }

  /** An answer that is late or lost shows in `requests`, which is then more than acknowledged and refused. */
  private async request(): Promise<void> {
    const stringId = this.nextId++
    this.requests++
    const text = encodeMessage('TStringMetaData', { ...this.run(), stringId, stringValue: `string ${stringId}` })
    const answer = await this.connection!.ask(encodeIdPayload(PacketType.request, stringId, text))
    if (answer !== null) (isSuccess(answer) ? this.acknowledged : this.refused).push(stringId)
  }

  private span(): Buffer {
    const sequence = this.nextSequence++
    this.spans++
    return encodeMessage('TSpan', {
      ...this.run(),
      applicationName: 'STEADY',
      transactionId: { $hex: `0001${varint(START)}${varint(sequence)}` },
      spanId: sequence,
      startTime: START + sequence,
      elapsed: 12,
      rpc: '/steady',
      serviceType: 1010,
      endPoint: 'steady:8080',
      remoteAddr: '10.0.0.9',
      spanEventList: [{ sequence: 0, startElapsed: 1, endElapsed: 5, serviceType: 1011, depth: 1, apiId: 3 }],
      apiId: 7,
    })
  }

  async close(): Promise<void> {
    this.udp?.close()
    this.udp = undefined
    await this.connection?.end()
  }

  /** Acknowledged metadata of which the row (a line's second column) is not there; the key's first byte is a salt. */
  missingMetadata(rows: ReadonlySet<string>): number[] {
    const unsalted = new Set([...rows].map((row) => row.slice(SALT_DIGITS)))
    const key = pad24(this.agentId) + rev(START)
    return this.acknowledged.filter((id) => !unsalted.has(key + id.toString(16).padStart(8, '0')))
  }

  /** Whether a line of a dump of Traces is the span cell of one of its spans; the key's first byte is a salt. */
  isSpanCell(line: string): boolean {
    const [, row, family] = line.split(' ')
    return family === 'S' && row.slice(SALT_DIGITS).startsWith(pad24(this.agentId) + long(START))
  }

  private run(): { agentId: string; agentStartTime: number } {
    return { agentId: this.agentId, agentStartTime: START }
  }
}

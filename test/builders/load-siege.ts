import type { Collector } from './collector.js'
import { eventually } from './collector.js'
import type { Metrics } from './collector-metrics.js'
import { total } from './collector-usage.js'
import { SteadyAgent } from './load-agent.js'
import { attackRequests, attackStreams, attackUdp, Loiterers } from './load-hostile.js'
import { bytesOf, type Session } from './load-session.js'
import type { Random } from './thrift-random.js'

const SPANS_A_SECOND = 100
const QUIET_LIMIT_MS = 60_000

export interface Assault {
  name: string
  /** damaged packets that were sent */
  sent: number
  /** datagrams or requests that arrived; the steady agent's are among them */
  received: number
  /** of these, lost in the kernel's buffer, whole messages, network checks, and lost with a reason */
  kernel: number
  decoded: number
  checks: number
  dropped: number
  /** TCP connections closed for what they sent or did not send */
  refused: number
  /** received and of no account: zero, always */
  unaccounted: number
  seconds: number
  rssBytes: number
  /** without pages of files: those of the store come and go as the kernel likes */
  anonymousBytes: number
  cpuSeconds: number
}

/** Damaged packets on all ports of a collector, with a steady agent that goes on all the time. */
export class Siege {
  readonly agent = new SteadyAgent('steady-agent')
  readonly loiterers = new Loiterers()

  constructor(
    private readonly collector: Collector,
    private readonly sessions: readonly Session[],
    private readonly random: Random,
  ) {}

  async begin(loiterersOfAKind: number): Promise<void> {
    await this.agent.connect(this.collector.ports)
    await this.loiterers.start(this.collector.ports.tcp, loiterersOfAKind)
  }

  udp(port: 'stat' | 'span', packets: number): Promise<Assault> {
    const recorded = bytesOf(this.sessions, port)
    return this.assault(
      port,
      packets,
      () => attackUdp(this.collector.ports[port], recorded, packets, this.random),
      (m) => m.datagrams(),
      (m) => m.udpMessages(),
    )
  }

  /** Whole frames with damaged messages: each must be decoded or dropped. */
  requests(packets: number): Promise<Assault> {
    // what was sent stands for what arrived: TCP loses nothing
    const sent = (): number => this.agent.requests + this.damagedRequests
    return this.assault(
      'tcp requests',
      packets,
      async () => {
        await attackRequests(this.collector.ports.tcp, this.sessions, packets, this.random)
        this.damagedRequests += packets
      },
      sent,
      (m) => m.tcpMessages(),
    )
  }

  /** Damaged frames, on connections that come and go: what arrived cannot be known, so no sum is made. */
  async streams(packets: number): Promise<Assault> {
    const none = (): number => 0
    const attack = (): Promise<void> => attackStreams(this.collector.ports.tcp, this.sessions, packets, this.random)
    return { ...(await this.assault('tcp streams', packets, attack, none, none)), unaccounted: 0 }
  }

  private damagedRequests = 0

  /** Attacks beside the steady agent's work, lets it end and all be stored, and accounts for what came. */
  private async assault(
    name: string,
    sent: number,
    attack: () => Promise<void>,
    arrived: (m: Metrics) => number,
    decodedOf: (m: Metrics) => number,
  ): Promise<Assault> {
    const { agent, collector } = this
    const before = await collector.metrics()
    const arrivedBefore = arrived(before)
    const cpuBefore = total(collector.usage(), 'cpuSeconds')
    const began = performance.now()
    const stop = new AbortController()
    const work = [agent.requestUntil(stop.signal), agent.spansUntil(stop.signal, SPANS_A_SECOND)]
    await attack()
    const seconds = (performance.now() - began) / 1000
    stop.abort()
    await Promise.all(work)
    const after = await this.quiet()
    const received = arrived(after) - arrivedBefore
    const decoded = decodedOf(after) - decodedOf(before)
    const checks = after.sum('network_checks_total') - before.sum('network_checks_total')
    const dropped = after.undecoded() - before.undecoded()
    const refused = after.connectionDrops() - before.connectionDrops()
    const kernel = after.kernelDrops() - before.kernelDrops()
    const unaccounted = received - decoded - checks - dropped
    const cpuSeconds = total(collector.usage(), 'cpuSeconds') - cpuBefore
    const rssBytes = total(collector.usage(), 'rssBytes')
    const anonymousBytes = total(collector.usage(), 'anonymousBytes')
    return {
      name,
      sent,
      received,
      kernel,
      decoded,
      checks,
      dropped,
      refused,
      unaccounted,
      seconds,
      rssBytes,
      anonymousBytes,
      cpuSeconds,
    }
  }

  /** The metrics once nothing changes any more. */
  private async quiet(): Promise<Metrics> {
    let last = await this.collector.metrics()
    await eventually(async () => {
      const now = await this.collector.metrics()
      const still = now.inFlight() === 0 && activity(now) === activity(last)
      last = now
      return still
    }, QUIET_LIMIT_MS)
    return last
  }
}

function activity(m: Metrics): number {
  return m.sum('packets_received_total') + m.sum('messages_total') + m.dropped('receive', 'decode', 'dispatch')
}

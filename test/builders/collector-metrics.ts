interface Sample {
  name: string
  labels: Readonly<Record<string, string>>
  value: number
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

const UDP_TYPES = ['TSpan', 'TSpanChunk', 'TAgentStat', 'TAgentStatBatch']
const TCP_TYPES = ['TAgentInfo', 'TApiMetaData', 'TSqlMetaData', 'TStringMetaData']
/** Stages before a message's type counts it as decoded. */
const UNDECODED = ['receive', 'decode', 'dispatch']
/** Drops that stand for the end of a TCP connection, of which nobody knows how many messages it would have brought. */
const CONNECTION_DROPS = ['slow_peer', 'bad_frame', 'payload_too_large']
/** Stages in which a decoded message can still be lost. */
const DECODED = ['map', 'store', 'worker']

/** The text of /metrics, parsed, with the sums that must come out. */
export class Metrics {
  private readonly samples: Sample[] = []

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const [, name, labels = '', value] = SAMPLE.exec(line) ?? []
      if (name === undefined) continue
      const pairs = [...labels.matchAll(LABEL)].map(([, label, text]) => [label, text])
      this.samples.push({ name, labels: Object.fromEntries(pairs), value: Number(value) })
    }
  }

  /** Sum over all samples of that name with these labels. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = Object.entries(labels)
    return this.samples
      .filter((s) => s.name === `pinpoint_${name}` && wanted.every(([label, value]) => s.labels[label] === value))
      .reduce((sum, s) => sum + s.value, 0)
  }

  /** Seconds that all processes spent collecting garbage. */
  gcSeconds(): number {
    return this.samples.filter((s) => s.name === 'nodejs_gc_duration_seconds_sum').reduce((sum, s) => sum + s.value, 0)
  }

  /** Upper bounds of a histogram's buckets with the observations below each, in order. */
  buckets(name: string): { le: number; count: number }[] {
    return this.samples
      .filter((s) => s.name === `pinpoint_${name}_bucket`)
      .map(({ labels, value }) => ({ le: labels.le === '+Inf' ? Infinity : Number(labels.le), count: value }))
      .sort((a, b) => a.le - b.le)
  }

  /** Drops that are not zero, by `stage/reason`. */
  drops(): Record<string, number> {
    const drops = this.samples.filter((s) => s.name === 'pinpoint_dropped_total' && s.value > 0)
    return Object.fromEntries(drops.map(({ labels, value }) => [`${labels.stage}/${labels.reason}`, value]))
  }

  dropped(...stages: string[]): number {
    return stages.reduce((sum, stage) => sum + this.sum('dropped_total', { stage }), 0)
  }

  kernelDrops(): number {
    return this.sum('udp_kernel_drops_total')
  }

  messages(types: readonly string[]): number {
    return types.reduce((sum, type) => sum + this.sum('messages_total', { type }), 0)
  }

  udpMessages(): number {
    return this.messages(UDP_TYPES)
  }

  tcpMessages(): number {
    return this.messages(TCP_TYPES)
  }

  /** Messages that were lost before they had a type, whatever port they came to. */
  undecoded(): number {
    return this.dropped(...UNDECODED) - this.connectionDrops()
  }

  connectionDrops(): number {
    return CONNECTION_DROPS.reduce((sum, reason) => sum + this.sum('dropped_total', { stage: 'receive', reason }), 0)
  }

  datagrams(): number {
    return (
      this.sum('packets_received_total', { receiver: 'stat' }) +
      this.sum('packets_received_total', { receiver: 'span' })
    )
  }

  inFlight(): number {
    return this.sum('messages_in_flight')
  }

  /** Counts for the server map that the tables do not have yet. */
  countsPending(): number {
    const of = (state: string): number => this.sum('counts_total', { state })
    return of('taken') + of('recovered') - of('stored') - of('dropped')
  }

  /** decoded + recovered − left − stored − dropped − in flight: zero, always */
  imbalance(): number {
    const came = this.sum('messages_total') + this.sum('messages_recovered_total') - this.sum('messages_left_total')
    return came - this.sum('messages_stored_total') - this.dropped(...DECODED) - this.inFlight()
  }
}

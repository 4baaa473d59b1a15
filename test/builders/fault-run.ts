import { table } from '../../src/row/tables.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import { Collector, type CollectorExit, eventually, temporaryDirectory } from './collector.js'
import type { Metrics } from './collector-metrics.js'
import { HbaseAdmin } from './hbase-admin.js'
import type { HbaseProcesses } from './hbase-processes.js'
import type { TraceStream } from './load-traces.js'
import { MAX_QUEUE_BYTES, pause, UdpSender } from './load-udp.js'
import { RegionKeys } from './region-keys.js'

/** What the last moments before kill -9 may cost: the open batch on its way to the disk, and a period of counters. */
const BATCH_MS = 300
const COUNTERS_MS = 1_300
const SAMPLE_MS = 200

const SELF = 'ApplicationMapStatisticsSelf_Ver2'

/** What a collector said of itself at a moment. */
export interface Sample {
  /** performance.now() */
  at: number
  /** span and chunk messages sent to it and to its predecessors */
  sent: number
  /** and stored so far, by this process */
  stored: number
  rowsWritten: number
  inFlight: number
  spillBytes: number
  /** of the largest process */
  rssBytes: number
}

/** A collector on a cluster, under a steady load of spans that never repeat; both can be done harm to. */
export class FaultRun {
  readonly admin: HbaseAdmin
  readonly samples: Sample[] = []
  /** spans sent shortly before a kill -9 of the collector, which may be missing in Traces, or in the counters */
  readonly excused = { spans: 0, counts: 0 }
  readonly exits: CollectorExit[] = []
  private readonly dataDir = temporaryDirectory()
  private readonly store: HbaseStore
  private readonly spansSentAt: number[] = []
  private collector: Collector | undefined
  private traffic: { stop: AbortController; ended: Promise<void> } | undefined
  private sampler: Promise<void> | undefined
  private ended = false
  /** ms in which spans were sent */
  sendingMs = 0
  private before = { spans: 0, counts: 0 }
  private sentBefore = 0

  constructor(
    readonly cluster: HbaseProcesses,
    /** what no other run on this cluster sends */
    private readonly stream: TraceStream,
    /** spans a second; chunks come on top, as recorded */
    private readonly rate: number,
    private readonly workers: number,
  ) {
    this.store = new HbaseStore({ quorum: cluster.quorum, writeTimeoutMs: 120_000 })
    this.admin = new HbaseAdmin(cluster.quorum)
  }

  /** Messages a second. */
  get messageRate(): number {
    return this.rate * this.stream.datagramsASpan
  }

  get spansSent(): number {
    return this.stream.spans - this.sentBefore
  }

  async start(): Promise<void> {
    await this.store.ensureTables()
    this.before = await this.counted()
    this.sentBefore = this.stream.spans
    await this.startCollector()
    this.sampler = this.sample()
    this.sendSpans()
  }

  async startCollector(): Promise<void> {
    const set = ['store=hbase', `hbase.quorum=${this.cluster.quorum}`, `spill.dir=${this.dataDir}/s`]
    this.collector = await Collector.start({ workers: this.workers, dataDir: this.dataDir, set })
  }

  sendSpans(): void {
    const sender = new UdpSender(this.collector!.ports.span)
    const stop = new AbortController()
    const began = performance.now()
    const next = (): Buffer => {
      const { spans } = this.stream
      const datagram = this.stream.take()
      if (this.stream.spans > spans) this.spansSentAt.push(performance.now())
      return datagram
    }
    const ended = sender.atRate(this.messageRate, next, stop.signal, MAX_QUEUE_BYTES).finally(() => {
      sender.close()
      this.sendingMs += performance.now() - began
    })
    this.traffic = { stop, ended }
  }

  async stopSpans(): Promise<void> {
    this.traffic?.stop.abort()
    await this.traffic?.ended
    this.spansSentAt.splice(0, this.spansSentAt.length - 10 * this.rate)
  }

  /** kill -9 under load, and what was sent shortly before is excused; nothing is sent until sendSpans(). */
  async killCollector(): Promise<void> {
    const now = performance.now()
    const killed = this.collector!.kill()
    this.traffic?.stop.abort()
    await killed
    await this.stopSpans()
    this.excused.spans += this.spansSentAt.filter((at) => at > now - BATCH_MS).length
    this.excused.counts += this.spansSentAt.filter((at) => at > now - COUNTERS_MS).length
  }

  /** SIGTERM, as soon as all that was sent has been received. */
  async stopCollector(): Promise<void> {
    await this.stopSpans()
    const { collector } = this
    const sent = (await collector!.metrics()).datagrams()
    await pause(BATCH_MS)
    await eventually(async () => (await collector!.metrics()).datagrams() >= sent)
    this.exits.push(await collector!.stop())
  }

  private async sample(): Promise<void> {
    while (!this.ended) {
      const { collector } = this
      const metrics = await this.metrics()
      if (metrics !== undefined) {
        this.samples.push({
          at: performance.now(),
          sent: this.stream.spans + this.stream.chunks,
          stored: metrics.sum('messages_stored_total'),
          rowsWritten: metrics.sum('rows_written_total'),
          inFlight: metrics.inFlight(),
          spillBytes: metrics.sum('spill_bytes'),
          rssBytes: Math.max(0, ...collector!.usage().map((u) => u.rssBytes)),
        })
      }
      await pause(SAMPLE_MS)
    }
  }

  /** undefined: the collector does not answer now */
  metrics(): Promise<Metrics | undefined> {
    return this.collector!.metrics().catch(() => undefined)
  }

  get last(): Sample {
    return this.samples[this.samples.length - 1]
  }

  /** Resolves when every region of every table answers somebody who asks for the first time. */
  async clusterAnswers(): Promise<number> {
    await new RegionKeys(this.cluster.quorum).allAnswer()
    return performance.now()
  }

  /** Nothing waits on disk, and no more than half a second's messages in memory. */
  caughtUp(limitMs: number): Promise<boolean> {
    return eventually(() => this.last.spillBytes === 0 && this.last.inFlight < this.messageRate / 2, limitMs)
  }

  /** Ends the load, lets everything be written, stops the collector. @returns its last figures */
  async finish(limitMs: number): Promise<{ drained: boolean; metrics: Metrics }> {
    await this.stopSpans()
    const drained = await eventually(async () => {
      const metrics = await this.metrics()
      return metrics !== undefined && metrics.inFlight() === 0 && metrics.sum('spill_bytes') === 0
    }, limitMs)
    await eventually(async () => (await this.metrics())?.countsPending() === 0)
    const metrics = await this.collector!.metrics()
    this.exits.push(await this.collector!.stop())
    this.ended = true
    await this.sampler
    return { drained, metrics }
  }

  /** Spans in Traces (each is one cell of family S) and counts of the Self table, since start(). */
  async found(): Promise<{ spans: number; counts: number }> {
    const { spans, counts } = await this.counted()
    return { spans: spans - this.before.spans, counts: counts - this.before.counts }
  }

  private async counted(): Promise<{ spans: number; counts: number }> {
    let spans = 0
    let counts = 0
    for await (const row of this.store.scan(table('Traces'), { families: ['S'] })) spans += row.cells.length
    for await (const row of this.store.scan(table(SELF)))
      for (const cell of row.cells) counts += Number(cell.value.readBigInt64BE())
    return { spans, counts }
  }

  async close(): Promise<void> {
    this.ended = true
    this.traffic?.stop.abort()
    await this.sampler
    if (this.exits.length === 0) await this.collector?.kill()
    this.admin.close()
    await this.store.close()
  }
}

import type { Logger } from '../log.js'
import {
  CALM_SAMPLES,
  LOAD_INTERVAL_MS,
  type LoadSample,
  readersWanted,
  WARM_DATAGRAMS,
  WARM_RATE,
} from './receiving-plan.js'

/** A worker as far as reading UDP goes. */
export interface Reader {
  /** it has the ports */
  readonly isReady: boolean
  readonly isReceiving: boolean
  /** taken since it was started */
  readonly datagrams: number
  /** 0 to 1; 1 too when it has not told for long */
  load(): number
  receive(on: boolean): void
}

/** Decides which workers read the UDP ports; the others are on standby, and still take TCP connections. */
export class Receiving {
  private samples: LoadSample[] = []
  private timer: NodeJS.Timeout | undefined
  /** reads beside the others until it is warm */
  private warming: Reader | null = null
  private datagrams = 0

  constructor(
    private readonly workers: readonly Reader[],
    private readonly log: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.look(), LOAD_INTERVAL_MS).unref()
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** To be called whenever a worker is ready or has died: one reads at any time. */
  workersChanged(): void {
    if (this.readers().length > 0) return
    const { warming } = this
    this.warming = null
    if (warming === null || !warming.isReceiving) this.ready()[0]?.receive(true)
  }

  /** To be called when a worker can take no more: as many again read from now on. One that warms up is slow, not full. */
  full(worker: Reader): void {
    const readers = this.readers()
    if (readers.includes(worker)) this.read(Math.min(this.ready().length, 2 * readers.length), readers)
  }

  /** Runs by itself every LOAD_INTERVAL_MS. */
  look(): void {
    this.warmUp()
    const readers = this.readers()
    if (readers.length === 0) return
    this.samples = [...this.samples.slice(1 - CALM_SAMPLES), { reading: readers.length, load: loadOf(readers) }]
    this.read(readersWanted(this.samples, this.ready().length), readers)
  }

  private ready(): Reader[] {
    return this.workers.filter((w) => w.isReady)
  }

  /** Those that read because of the load. */
  private readers(): Reader[] {
    return this.workers.filter((w) => w.isReady && w.isReceiving && w !== this.warming)
  }

  private read(wanted: number, readers: Reader[]): void {
    if (wanted === readers.length) return
    const load = loadOf(readers)
    const more = wanted > readers.length
    if (more) this.warming = null
    // one that reads already, to warm up, comes first
    const others = this.ready().filter((w) => !readers.includes(w))
    others.sort((a, b) => Number(b.isReceiving) - Number(a.isReceiving))
    const changed = more ? others : readers.reverse()
    for (const worker of changed.slice(0, Math.abs(wanted - readers.length))) worker.receive(more)
    this.log.info(
      { load: Number(load.toFixed(2)) },
      `${wanted} of ${this.ready().length} workers read the UDP ports now, for the load of ${readers.length} was ${load.toFixed(2)}`,
    )
  }

  /** While much comes, the workers on standby read for a while, one after the other: they can help at once when they are needed. */
  private warmUp(): void {
    const datagrams = this.workers.reduce((sum, w) => sum + w.datagrams, 0)
    const rate = ((datagrams - this.datagrams) * 1000) / LOAD_INTERVAL_MS
    this.datagrams = datagrams
    const { warming } = this
    if (warming !== null) {
      if (warming.isReceiving && warming.datagrams < WARM_DATAGRAMS && rate >= WARM_RATE) return
      this.warming = null
      if (warming.isReceiving) warming.receive(false)
    } else if (rate >= WARM_RATE && this.readers().every((w) => w.datagrams >= WARM_DATAGRAMS)) {
      const cold = this.ready().find((w) => !w.isReceiving && w.datagrams < WARM_DATAGRAMS)
      if (cold === undefined) return
      this.warming = cold
      cold.receive(true)
    }
  }
}

function loadOf(readers: readonly Reader[]): number {
  return readers.reduce((sum, w) => sum + w.load(), 0)
}

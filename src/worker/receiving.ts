import type { Logger } from '../log.js'
import { CALM_SAMPLES, LOAD_INTERVAL_MS, type LoadSample, readersWanted } from './receiving-plan.js'

/** A worker as far as reading UDP goes. */
export interface Reader {
  /** it has the ports */
  readonly isReady: boolean
  readonly isReceiving: boolean
  /** 0 to 1; 1 too when it has not told for long */
  load(): number
  receive(on: boolean): void
}

/** Decides which workers read the UDP ports; the others are on standby, and still take TCP connections. */
export class Receiving {
  private samples: LoadSample[] = []
  private timer: NodeJS.Timeout | undefined

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
    if (this.workers.some((w) => w.isReady && w.isReceiving)) return
    this.workers.find((w) => w.isReady)?.receive(true)
  }

  /** Runs by itself every LOAD_INTERVAL_MS. */
  look(): void {
    const ready = this.workers.filter((w) => w.isReady)
    const readers = ready.filter((w) => w.isReceiving)
    if (readers.length === 0) return
    const load = readers.reduce((sum, w) => sum + w.load(), 0)
    this.samples = [...this.samples.slice(1 - CALM_SAMPLES), { reading: readers.length, load }]
    const wanted = readersWanted(this.samples, ready.length)
    if (wanted === readers.length) return
    const changed = wanted > readers.length ? ready.filter((w) => !w.isReceiving) : readers.reverse()
    for (const worker of changed.slice(0, Math.abs(wanted - readers.length))) worker.receive(wanted > readers.length)
    this.log.info(
      { load: Number(load.toFixed(2)) },
      `${wanted} of ${ready.length} workers read the UDP ports now, for the load of ${readers.length} was ${load.toFixed(2)}`,
    )
  }
}

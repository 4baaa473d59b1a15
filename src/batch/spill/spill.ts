import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Accounting } from '../../accounting.js'
import { lockDirectory } from '../../directory-lock.js'
import { SettingsError } from '../../errors.js'
import type { LimitedWarn, Logger } from '../../log.js'
import { SpillQueue } from './spill-queue.js'

// dir/worker-0/lock  puts/*.spill  counters/*.spill
//     worker-1/…
// Worker 0 takes over directories of workers that there are no more.

const WORKER = /^worker-(\d+)$/
const SEGMENT_BYTES = 16 * 1024 * 1024
/** Segments that the smaller queue has at least, so that dropping the oldest drops a small part. */
const LEAST_SEGMENTS = 8
/** Part of the bytes for counters, which are far smaller than rows. */
const COUNTERS_PART = 1 / 8
const REPORT_MS = 30_000

export interface SpillOptions {
  dir: string
  /** bytes on disk of all workers of this collector */
  maxBytes: number
  worker: number
  workers: number
  /** ms that the store may take for a batch before rows go to disk */
  afterMs: number
  /** bytes of one file; for tests */
  segmentBytes?: number
}

export interface SpillReport {
  bytes: number
  /** messages on disk */
  messages: number
  records: { written: number; replayed: number; dropped: number }
}

/** What one worker keeps on disk while the store is slow or away: rows and counters, each in their order. */
export class Spill {
  readonly puts: SpillQueue
  readonly counters: SpillQueue
  private timer: NodeJS.Timeout | undefined
  private unlocks: (() => void)[] = []
  private spilling = false
  private dropped = 0

  constructor(
    readonly options: SpillOptions,
    private readonly accounting: Accounting,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
    warn: LimitedWarn,
  ) {
    const share = Math.floor(options.maxBytes / options.workers)
    const countersBytes = Math.floor(share * COUNTERS_PART)
    const queue = (name: string, maxBytes: number, onLost: (why: 'full' | 'damaged', n: number) => void): SpillQueue =>
      new SpillQueue({
        dir: join(this.dir, name),
        maxBytes,
        segmentBytes: Math.min(options.segmentBytes ?? SEGMENT_BYTES, Math.ceil(maxBytes / LEAST_SEGMENTS)),
        warn,
        onLost,
      })
    this.puts = queue('puts', share - countersBytes, (why, messages) => {
      this.dropped += messages
      accounting.dropInFlight(why === 'full' ? 'spillFull' : 'spillDamaged', messages)
    })
    this.counters = queue('counters', countersBytes, (_, counts) => {
      accounting.counts.dropped += counts
    })
  }

  get dir(): string {
    return join(this.options.dir, `worker-${this.options.worker}`)
  }

  get afterMs(): number {
    return this.options.afterMs
  }

  /** Takes over what former processes left; counts it as recovered. */
  async open(): Promise<void> {
    mkdirSync(this.dir, { recursive: true })
    const unlock = await lockDirectory(this.dir, 'spill.dir')
    if (unlock === null)
      throw new SettingsError(`${this.dir} is used by another collector: give each a spill.dir of its own`, 'spill.dir')
    this.unlocks.push(unlock)
    const orphans = this.options.worker === 0 ? await this.orphans() : []
    this.puts.open(orphans.map((dir) => join(dir, 'puts')))
    this.counters.open(orphans.map((dir) => join(dir, 'counters')))
    const messages = this.puts.unreadCount
    this.accounting.recover(messages, this.counters.unreadCount)
    if (!this.empty) {
      this.spilling = true
      this.log.info(this.figures(), `rows of a former run wait in ${this.dir}: they are written first`)
    }
    this.timer = setInterval(() => this.tell(), REPORT_MS).unref()
  }

  /** Directories of workers beyond ours, held by us from now on. */
  private async orphans(): Promise<string[]> {
    const found: string[] = []
    for (const name of readdirSync(this.options.dir).sort()) {
      const number = Number(WORKER.exec(name)?.[1] ?? -1)
      if (number < this.options.workers) continue
      const dir = join(this.options.dir, name)
      const unlock = await lockDirectory(dir, 'spill.dir')
      if (unlock === null) continue
      this.unlocks.push(unlock)
      found.push(dir)
    }
    return found
  }

  get bytes(): number {
    return this.puts.bytes + this.counters.bytes
  }

  get empty(): boolean {
    return this.puts.empty && this.counters.empty
  }

  report(): SpillReport {
    const { puts, counters } = this
    const records = {
      written: puts.records.written + counters.records.written,
      replayed: puts.records.replayed + counters.records.replayed,
      dropped: puts.records.dropped + counters.records.dropped,
    }
    return { bytes: this.bytes, messages: puts.count, records }
  }

  /** To be called after something was written to disk, or acknowledged: tells of the begin and the end. */
  changed(): void {
    if (this.spilling === !this.empty) return
    this.spilling = !this.spilling
    if (this.spilling) {
      const { dir } = this
      this.log.warn(
        this.figures(),
        `the store is slow or away: rows go to ${dir} until it is back; see /health/ready for the cause`,
      )
    } else this.log.info(this.figures(), 'the store has everything that was on disk')
  }

  /** While it goes on. */
  private tell(): void {
    if (!this.spilling) return
    const cure = this.dropped > 0 ? '; the oldest rows are dropped: raise spill.maxBytes' : ''
    this.log.warn(this.figures(), `rows wait on disk for the store${cure}`)
  }

  private figures(): Record<string, unknown> {
    return { ...this.report(), dropped: this.dropped, maxBytes: this.options.maxBytes }
  }

  /** What is left is for the next process. */
  async close(): Promise<void> {
    clearInterval(this.timer)
    await Promise.all([this.puts.close(), this.counters.close()])
    for (const unlock of this.unlocks) unlock()
    if (!this.empty)
      this.log.warn(
        this.figures(),
        `the store did not take everything: the rest waits in ${this.dir} for the next start`,
      )
  }
}

import { setTimeout as pause } from 'node:timers/promises'
import { Collector, dumpLines, eventually } from './collector.js'
import { SteadyAgent } from './load-agent.js'

// Shots: a collector is started on a store, gets load, is killed in the middle of it, and its store is read.

/** An answer may not come before the rows are stored: what is acknowledged must then be there. */
const ANSWER_WHEN_STORED = 'requestAckTimeoutMs=60000'
const SCRAPE_PAUSE_MS = 50

export interface Shot {
  readyMs: number
  /** metadata that was answered with success, in all shots so far */
  acknowledged: number
  /** of these, how many are not in the store */
  missing: number
  /** span messages that the last /metrics before each kill called stored, in all shots so far */
  spansStored: number
  /** and how many spans the store has */
  spanRows: number
}

export interface ShotOptions {
  workers: number
  dataDir: string
  spanRate: number
  /** metadata that must be acknowledged before the kill */
  acknowledgements: number
  /** and how much longer it lives: the kill shall not come at a moment that is always the same */
  extraMs: number
}

/** Kills collectors on one store, again and again. */
export class KillRange {
  readonly agent = new SteadyAgent('steady-agent')
  private spansStored = 0

  async shoot({ workers, dataDir, spanRate, acknowledgements, extraMs }: ShotOptions): Promise<Shot> {
    const { agent } = this
    const collector = await Collector.start({ workers, dataDir, set: [ANSWER_WHEN_STORED] })
    await agent.connect(collector.ports)
    const stop = new AbortController()
    let stored = 0
    const scrape = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const metrics = await collector.metrics().catch(() => undefined)
        if (metrics === undefined) return
        stored = metrics.sum('messages_stored_total', { type: 'TSpan' })
        await pause(SCRAPE_PAUSE_MS)
      }
    }
    const load = [agent.requestUntil(stop.signal), agent.spansUntil(stop.signal, spanRate), scrape()]
    const before = agent.acknowledged.length
    await eventually(() => agent.acknowledged.length - before >= acknowledgements && stored > 0, 60_000)
    await pause(extraMs)
    await collector.kill()
    stop.abort()
    await Promise.all(load)
    await agent.close()
    this.spansStored += stored
    return { readyMs: collector.readyMs, spansStored: this.spansStored, ...(await this.look(dataDir)) }
  }

  private async look(dataDir: string): Promise<Pick<Shot, 'acknowledged' | 'missing' | 'spanRows'>> {
    const metadata = new Set<string>()
    let spanRows = 0
    for await (const line of dumpLines(dataDir, 'StringMetaData', 'Traces')) {
      if (line.startsWith('StringMetaData')) metadata.add(line.split(' ', 2)[1])
      else if (this.agent.isSpanCell(line)) spanRows++
    }
    return {
      acknowledged: this.agent.acknowledged.length,
      missing: this.agent.missingMetadata(metadata).length,
      spanRows,
    }
  }
}

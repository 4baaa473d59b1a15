import type { ScatterAgent, ScatterPage } from '../api/scatter.js'
import type { TransactionKey } from '../api/transactions.js'
import type { DotSelection } from '../route/dot-selection.js'

const FIRST_CAPACITY = 4_096

/**
 * Dots of a scatter chart in columns of numbers: 50,000 take 1 MB and are drawn without an object each. Pages are
 * appended as they come; order is theirs.
 */
export class DotStore {
  /** accept time, ms since 1970 */
  times = new Float64Array(FIRST_CAPACITY)
  /** ms */
  elapsed = new Int32Array(FIRST_CAPACITY)
  /** 1: succeeded */
  success = new Uint8Array(FIRST_CAPACITY)
  /** index into `sources` */
  source = new Uint32Array(FIRST_CAPACITY)
  /** of the transaction, among those its agent began */
  sequence = new Float64Array(FIRST_CAPACITY)
  length = 0
  readonly sources: ScatterAgent[] = []
  readonly #sourceOf = new Map<string, number>()

  /** Appends a page; dots from `knownFrom` on may be here already and are not doubled. Returns how many are new. */
  append(page: ScatterPage, knownFrom = Number.POSITIVE_INFINITY): number {
    const { metadata, dotList } = page.scatter ?? { metadata: {}, dotList: [] }
    const sources = new Map(Object.entries(metadata).map(([key, agent]) => [Number(key), this.#indexOf(agent)]))
    const known = this.#keysFrom(knownFrom)
    const before = this.length
    this.#reserve(this.length + dotList.length)
    for (const [offset, elapsed, agent, sequence, success] of dotList) {
      const source = sources.get(agent)
      if (source === undefined) continue
      const time = page.from + offset
      if (known.size > 0 && known.has(dotKey(source, sequence, time))) continue
      const i = this.length++
      this.times[i] = time
      this.elapsed[i] = elapsed
      this.success[i] = success
      this.source[i] = source
      this.sequence[i] = sequence
    }
    return this.length - before
  }

  /** Forgets what is older, so that a chart that runs for days does not grow. */
  dropBefore(time: number): void {
    let kept = 0
    for (let i = 0; i < this.length; i++) {
      if (this.times[i] < time) continue
      for (const column of this.#columns()) column[kept] = column[i]
      kept++
    }
    this.length = kept
  }

  agentOf(i: number): string {
    return this.sources[this.source[i]][0]
  }

  agents(): string[] {
    return [...new Set(this.sources.map(([agentId]) => agentId))].sort()
  }

  isSelected(i: number, s: DotSelection): boolean {
    if (this.times[i] < s.from || this.times[i] > s.to) return false
    if (this.elapsed[i] < s.minElapsed || this.elapsed[i] > s.maxElapsed) return false
    if (s.outcome !== 'all' && (this.success[i] === 1) !== (s.outcome === 'success')) return false
    return s.agentId === '' || this.agentOf(i) === s.agentId
  }

  /** The selected dots as transactions, newest first. */
  transactions(selection: DotSelection): TransactionKey[] {
    const indexes: number[] = []
    for (let i = 0; i < this.length; i++) if (this.isSelected(i, selection)) indexes.push(i)
    indexes.sort((a, b) => this.times[b] - this.times[a])
    return indexes.map((i) => {
      const [, agentId, start] = this.sources[this.source[i]]
      return {
        traceId: `${agentId}^${start}^${this.sequence[i]}`,
        acceptTime: this.times[i],
        elapsed: this.elapsed[i],
      }
    })
  }

  #indexOf(agent: ScatterAgent): number {
    const key = agent.join('\n')
    let index = this.#sourceOf.get(key)
    if (index === undefined) {
      index = this.sources.push(agent) - 1
      this.#sourceOf.set(key, index)
    }
    return index
  }

  #keysFrom(time: number): Set<string> {
    const keys = new Set<string>()
    if (time === Number.POSITIVE_INFINITY) return keys
    for (let i = 0; i < this.length; i++) {
      if (this.times[i] >= time) keys.add(dotKey(this.source[i], this.sequence[i], this.times[i]))
    }
    return keys
  }

  #columns(): (Float64Array | Int32Array | Uint8Array | Uint32Array)[] {
    return [this.times, this.elapsed, this.success, this.source, this.sequence]
  }

  #reserve(length: number): void {
    if (length <= this.times.length) return
    const capacity = Math.max(length, this.times.length * 2)
    this.times = grown(new Float64Array(capacity), this.times)
    this.elapsed = grown(new Int32Array(capacity), this.elapsed)
    this.success = grown(new Uint8Array(capacity), this.success)
    this.source = grown(new Uint32Array(capacity), this.source)
    this.sequence = grown(new Float64Array(capacity), this.sequence)
  }
}

function grown<T extends { set(from: T): void }>(wide: T, old: T): T {
  wide.set(old)
  return wide
}

function dotKey(source: number, sequence: number, time: number): string {
  return `${source}^${sequence}^${time}`
}

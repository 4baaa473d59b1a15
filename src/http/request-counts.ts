import type { Sample } from '../metrics.js'

/** Answers of a server by what was asked and status; `none` stands for paths that do not exist. */
export class RequestCounts {
  private readonly counts = new Map<string, { asked: string; code: string; count: number; seconds: number }>()

  /** @param label of what was asked */
  constructor(private readonly label: string) {}

  add(asked: string, status: number, seconds: number): void {
    const code = String(status)
    const key = `${asked} ${code}`
    const entry = this.counts.get(key) ?? { asked, code, count: 0, seconds: 0 }
    entry.count++
    entry.seconds += seconds
    this.counts.set(key, entry)
  }

  samples(value: 'count' | 'seconds'): Sample[] {
    return [...this.counts.values()].map(({ asked, code, [value]: sum }) => ({
      labels: { [this.label]: asked, code },
      value: sum,
    }))
  }
}

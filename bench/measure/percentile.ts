/** One bucket of a histogram: how many observations were at most `le`. */
export interface Bucket {
  le: number
  count: number
}

/** The observations between two looks at the same histogram. */
export function bucketsBetween(after: readonly Bucket[], before: readonly Bucket[]): Bucket[] {
  return after.map(({ le, count }, i) => ({ le, count: count - (before[i]?.count ?? 0) }))
}

/** @param share 0.99 for p99 @returns the value, straight between the bounds of its bucket; null: nothing was observed */
export function percentile(buckets: readonly Bucket[], share: number): number | null {
  const total = buckets[buckets.length - 1]?.count ?? 0
  if (total === 0) return null
  const wanted = total * share
  let lower: Bucket = { le: 0, count: 0 }
  for (const bucket of buckets) {
    if (bucket.count >= wanted) {
      if (bucket.le === Infinity) return lower.le
      const inside = bucket.count - lower.count
      return lower.le + ((bucket.le - lower.le) * (wanted - lower.count)) / Math.max(1, inside)
    }
    lower = bucket
  }
  return lower.le
}

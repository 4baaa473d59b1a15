// Where datagrams were lost: what was sent is what was stored and what is missing, by place.
//
//   sent = kernel + way + dropped inside (by place) + in flight + stored
//
// "way" is what neither the kernel nor the receiver counted; with loopback it is zero, or the account is wrong.

/** Counts of UDP messages since some moment. What a collector does not tell is null. */
export interface Counts {
  kernelDrops: number
  /** datagrams that the collector read */
  received: number | null
  /** without those of the kernel, by stage/reason */
  dropped: Record<string, number>
  stored: number | null
  inFlight: number | null
}

export interface Loss {
  sent: number
  /** datagrams known to be lost */
  lost: number
  /** of all that was sent */
  share: number
  /** by place, zeros left out */
  places: Record<string, number>
  /** sent and neither stored, lost nor in flight: zero when the account is whole; null: the collector does not tell */
  unaccounted: number | null
}

export function difference(after: Counts, before: Counts): Counts {
  const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b)
  const dropped: Record<string, number> = {}
  for (const [place, n] of Object.entries(after.dropped)) dropped[place] = n - (before.dropped[place] ?? 0)
  return {
    kernelDrops: after.kernelDrops - before.kernelDrops,
    received: minus(after.received, before.received),
    dropped,
    stored: minus(after.stored, before.stored),
    inFlight: after.inFlight,
  }
}

/** @param counts since before the first of the datagrams was sent */
export function lossOf(sent: number, counts: Counts): Loss {
  const inside = Object.values(counts.dropped).reduce((sum, n) => sum + n, 0)
  const way = counts.received === null ? 0 : sent - counts.kernelDrops - counts.received
  const all: Record<string, number> = { kernel: counts.kernelDrops, way, ...counts.dropped }
  const lost = counts.kernelDrops + way + inside
  return {
    sent,
    lost,
    share: sent === 0 ? 0 : lost / sent,
    places: Object.fromEntries(Object.entries(all).filter(([, n]) => n !== 0)),
    unaccounted: counts.stored === null ? null : sent - lost - counts.stored - (counts.inFlight ?? 0),
  }
}

import type { Difference } from './canonical.js'

/** A difference that is meant, and why. */
export interface KnownDifference {
  route: RegExp
  path: RegExp
  reason: string
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    route: /^configuration$/,
    path: /^\.(editUserInfo|sendUsage)$/,
    reason: "settings of the original's own page: there are no users to edit here, and nothing is sent to anybody",
  },
  {
    route: /^getLastFilteredServerMapData$/,
    path: /\.(resultFrom|resultTo|lastFetchedTimestamp)$/,
    reason: 'the range ends at the now of each server',
  },
]

export function knownReason(route: string, { path }: Difference): string | undefined {
  return KNOWN_DIFFERENCES.find((known) => known.route.test(route) && known.path.test(path))?.reason
}

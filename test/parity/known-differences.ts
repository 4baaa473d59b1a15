import type { Difference } from './canonical.js'
import type { Json } from './lossless-json.js'
import type { ApiRequest } from './requests.js'

/** A difference that is meant, and why. */
export interface KnownDifference {
  route: RegExp
  path: RegExp
  /** only where the original has this */
  original?: Json
  /** only of such requests */
  when?: (query: ApiRequest['query']) => boolean
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
  {
    route: /^getScatterData$/,
    path: /\.dotList\[\d+\]\[5\]$/,
    when: ({ backwardDirection }) => backwardDirection === 'false',
    reason:
      'oldest first, the first point of a cell stands for it here; the original merges scans that run backwards as if they ran forwards',
  },
  {
    route: /^transactionInfo$/,
    path: /^\.callStack\[\d+\]\[19\]$/,
    original: 'UNDEFINED',
    reason: 'service types that came after 1.5.2 have their names here',
  },
]

export function knownReason({ route, query }: ApiRequest, { path, original }: Difference): string | undefined {
  const known = KNOWN_DIFFERENCES.find(
    (k) =>
      k.route.test(route) &&
      k.path.test(path) &&
      (k.original === undefined || k.original === original) &&
      (k.when?.(query) ?? true),
  )
  return known?.reason
}

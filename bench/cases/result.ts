import type { StageTimes } from '../measure/profile-stages.js'
import type { Ramp } from '../measure/ramp.js'
import type { Round } from '../measure/round.js'
import type { StoreCount } from '../measure/store-count.js'
import type { RowFigures } from './row-figures.js'

/** What one case found out about one collector. */
export interface CaseResult {
  case: string
  collector: string
  agents: number
  /** null: a case without sockets */
  round: Round | null
  datagramRate: number
  spanRate: number
  cpuUsADatagram: number
  cpuUsASpan: number
  rssBytes: number
  /** null: not counted in this case */
  rows: RowFigures | null
  /** what is found in the store of all that was sent; null: it keeps nothing, or that is too much to read */
  stored: StoreCount | null
  /** from the start of the process to READY; null: it was running */
  readyMs: number | null
  /** us a datagram by stage; null: not measured */
  stages: StageTimes | null
  /** null: the rate was given */
  ramp: Ramp<Round> | null
}

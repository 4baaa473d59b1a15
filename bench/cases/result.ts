import type { StageTimes } from '../measure/profile-stages.js'
import type { Ramp } from '../measure/ramp.js'
import type { Round } from '../measure/round.js'

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
  /** us a datagram by stage; null: not measured */
  stages: StageTimes | null
  /** null: the rate was given */
  ramp: Ramp<Round> | null
}

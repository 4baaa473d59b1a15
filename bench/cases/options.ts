import type { OtherCollector } from '../collector/target.js'

/** What the command line asks for. */
export interface BenchOptions {
  agents: number
  /** of the measured load */
  seconds: number
  /** spans and chunks a second; auto: the highest without loss is looked for */
  rate: number | 'auto'
  /** events of each span; null: as recorded */
  spans: number | null
  workers: number | 'auto'
  /** processes that simulate the agents */
  generators: number
  warmUp: number
  other: OtherCollector | null
  hbase: { quorum?: string | undefined; pid?: number | undefined }
  /** where CPU profiles are left; null: nowhere */
  profile: string | null
  /** whether CPU is split by stage, which takes a further load */
  split: boolean
  /** of the collector; null: a new one */
  dataDir: string | null
  /** more settings of the collector, name=value */
  settings: readonly string[]
  /** told of what goes on */
  say(text: string): void
}

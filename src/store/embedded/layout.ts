import { TABLES, type Table } from '../../row/tables.js'

// How each table lies in the embedded store. Nothing here changes what a reader sees; a change of it is a new format.

/** Version of the files; a store with a higher one is refused. */
export const FORMAT = 1

/** Tables that expire together share their partitions. */
export type RetentionClass = 'traces' | 'stats' | 'meta'

export const CLASSES: readonly RetentionClass[] = ['traces', 'stats', 'meta']

/** Where the salt byte of a re-ordered row key stands: after `at` key bytes and the bits `mask` of the next one. */
export interface SaltPlace {
  at: number
  mask: number
}

export interface TableLayout {
  table: Table
  retention: RetentionClass
  /** bytes of a key group: the length of the key where it is fixed, so that such a key takes one group */
  group: number
  /** null: the salt stays in front */
  salt: SaltPlace | null
}

const META = new Set(['AgentInfo', 'ApplicationIndex', 'ApiMetaData', 'SqlMetaData_Ver2', 'StringMetaData'])
const TRACES = new Set(['Traces', 'ApplicationTraceIndex'])

/** Key groups of tables whose keys have no fixed length. */
const VARIABLE_KEY_GROUP = 16

/** Key bytes without the salt for re-ordered tables, with it for the others (spec: storage.md §1.1). */
const KEY_BYTES = new Map([
  ['AgentInfo', 32],
  ['AgentLifeCycle', 40],
  ['AgentEvent', 32],
  ['AgentStat', 33],
  ['ApiMetaData', 37],
  ['SqlMetaData_Ver2', 37],
  ['StringMetaData', 37],
  ['Traces', 40],
  ['ApplicationTraceIndex', 32],
  ['HostApplicationMap_Ver2', 35],
])

// Rows of one agent or application come in the order of time, but a salt over the whole key scatters them over 64 or
// 32 places: each row then rewrites a page of its own. Behind the high bytes of the sequence or time it does not:
//   Traces                 one salt per window of 64 transactions
//   ApplicationTraceIndex  one per window of 65 seconds
const SALT_PLACE = new Map<string, SaltPlace>([
  ['Traces', { at: 39, mask: 0xc0 }],
  ['ApplicationTraceIndex', { at: 30, mask: 0 }],
])

function retentionOf(name: string): RetentionClass {
  if (TRACES.has(name)) return 'traces'
  return META.has(name) ? 'meta' : 'stats'
}

/** By Table.id. */
export const LAYOUTS: readonly TableLayout[] = TABLES.map((table) => ({
  table,
  retention: retentionOf(table.name),
  group: KEY_BYTES.get(table.name) ?? VARIABLE_KEY_GROUP,
  salt: SALT_PLACE.get(table.name) ?? null,
}))

const TRACES_TTL_SECONDS = 7 * 86400

/** Seconds that a table's cells live when nothing is set: 7 days for traces, else what the schema says. */
export function defaultTtlSeconds(table: Table): number {
  return TRACES.has(table.name) ? TRACES_TTL_SECONDS : table.ttl
}

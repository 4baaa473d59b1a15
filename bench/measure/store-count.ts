import { table } from '../../src/row/tables.js'
import type { Store } from '../../src/store/store.js'
import type { Generators } from '../agent/generators.js'
import { FIRST_SEQUENCE } from '../agent/varint.js'

// Traces row => salt:u8  agent id:24 bytes, zero-padded  start:i64  sequence:i64
// Family S has a cell for each span. Sequences are counted without a gap, so what is missing has a name.

const AGENT_AT = 1
const AGENT_BYTES = 24
const START_AT = AGENT_AT + AGENT_BYTES
const SEQUENCE_AT = START_AT + 8
const NAMES_KEPT = 5

export interface StoreCount {
  spansSent: number
  spansStored: number
  tracesSent: number
  /** with at least one span or event */
  tracesStored: number
  /** agent^start^sequence of the first that are missing */
  missing: string[]
}

/** Reads the store and compares it with what these generators have sent since they were connected. */
export async function countStored(store: Store, generators: Generators): Promise<StoreCount> {
  const expected = new Set(generators.traceIds())
  const tracesSent = expected.size
  let [spansStored, tracesStored] = [0, 0]
  for await (const { key, cells } of store.scan(table('Traces'))) {
    if (!expected.delete(traceId(key))) continue
    tracesStored++
    for (const cell of cells) if (cell.family === 'S') spansStored++
  }
  const missing = [...expected].slice(0, NAMES_KEPT)
  return { spansSent: generators.total.span, spansStored, tracesSent, tracesStored, missing }
}

/** The id of a trace as agents and web write it. */
function traceId(key: Buffer): string {
  const agent = key.toString('latin1', AGENT_AT, START_AT).replace(/\0+$/, '')
  return `${agent}^${key.readBigInt64BE(START_AT)}^${key.readBigInt64BE(SEQUENCE_AT)}`
}

/** Ids of the traces that a generator with these agents has begun. */
export function* traceIdsOf(
  agents: readonly { agentId: string; startTime: number }[],
  traces: number,
): Generator<string> {
  for (let n = 0; n < traces; n++) {
    const { agentId, startTime } = agents[n % agents.length]
    yield `${agentId}^${startTime}^${FIRST_SEQUENCE + 1 + n}`
  }
}

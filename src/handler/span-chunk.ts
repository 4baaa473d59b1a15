import { RowError } from '../errors.js'
import type { Node, Slice } from '../row/map-statistics.js'
import { resolveServiceType } from '../row/service-type.js'
import { appendChunk } from '../row/traces.js'
import { type TSpanChunk, TSpanChunkBit } from '../thrift/generated/trace.js'
import type { MapContext } from './context.js'
import { countEvents } from './statistics.js'

const application: Node = { name: { at: 0, len: 0 }, type: 0 }
const agent: Slice = { at: 0, len: 0 }
const endPoint: Slice = { at: 0, len: 0 }

/** TSpanChunk → Traces and counts (spec: storage.md §4, §6.3). Throws RowError when nothing of it can be stored. */
export function mapSpanChunk(context: MapContext, bytes: Uint8Array, start: number, chunk: TSpanChunk): void {
  const { rows, accounting } = context
  if (chunk.spanEventListCount <= 0) throw new RowError('empty', 'span chunk without events')
  const id = context.transactionId
  id.parse(bytes, chunk.transactionIdAt, chunk.transactionIdLen, chunk.agentIdAt, chunk.agentIdLen)
  const rowCount = rows.rowCount
  const size = rows.bytes
  if (!appendChunk(rows, bytes, start, chunk, id, context.sequenceLimit)) rows.truncate(rowCount, size)

  if (chunk.applicationNameLen <= 0 || chunk.agentIdLen < 0) {
    accounting.leftOut(chunk.agentIdLen < 0 ? 'agent_id_missing' : 'application_name_missing')
    return
  }
  application.name.at = chunk.applicationNameAt
  application.name.len = chunk.applicationNameLen
  application.type = resolveServiceType(
    (chunk.set & TSpanChunkBit.applicationServiceType) !== 0 ? chunk.applicationServiceType : chunk.serviceType,
  )
  agent.at = chunk.agentIdAt
  agent.len = chunk.agentIdLen
  endPoint.at = chunk.endPointAt
  endPoint.len = chunk.endPointLen
  countEvents(context, bytes, application, agent, endPoint, chunk.spanEventList, chunk.spanEventListCount)
}

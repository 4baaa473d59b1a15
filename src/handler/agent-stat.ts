import { RowError } from '../errors.js'
import { appendAgentStat } from '../row/agent-stat.js'
import type { TAgentStat, TAgentStatBatch } from '../thrift/generated/pinpoint.js'
import type { MapContext } from './context.js'

/** TAgentStat → AgentStat (spec: storage.md §7.4). */
export function mapAgentStat(context: MapContext, bytes: Uint8Array, stat: TAgentStat): void {
  if (stat.agentIdLen < 0) throw new RowError('missing_field', 'TAgentStat without agentId')
  appendAgentStat(context.rows, bytes, stat.agentIdAt, stat.agentIdLen, stat)
}

/** TAgentStatBatch → AgentStat, a row a sample; a sample that cannot be stored is left out and noted. */
export function mapAgentStatBatch(context: MapContext, bytes: Uint8Array, batch: TAgentStatBatch): void {
  if (batch.agentIdLen < 0) throw new RowError('missing_field', 'TAgentStatBatch without agentId')
  if (batch.agentStatsCount <= 0) throw new RowError('empty', 'TAgentStatBatch without samples')
  const { rows } = context
  const before = rows.rowCount
  const failures: RowError[] = []
  for (let i = 0; i < batch.agentStatsCount; i++) {
    const rowCount = rows.rowCount
    const size = rows.bytes
    try {
      appendAgentStat(rows, bytes, batch.agentIdAt, batch.agentIdLen, batch.agentStats[i])
    } catch (error) {
      if (!(error instanceof RowError) || error.reason === 'too_large') throw error
      rows.truncate(rowCount, size)
      failures.push(error)
    }
  }
  if (rows.rowCount === before) throw failures[0]
  for (const failure of failures) context.accounting.leftOut(failure.reason)
}

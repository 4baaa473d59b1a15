import { RowError } from '../errors.js'
import { appendAgentInfo } from '../row/agent-info.js'
import { appendApplicationIndex } from '../row/application-index.js'
import type { TAgentInfo } from '../thrift/generated/pinpoint.js'
import type { MapContext } from './context.js'

/** TAgentInfo → AgentInfo, ApplicationIndex (spec: storage.md §7.1, §7.2): both rows or none. */
export function mapAgentInfo(context: MapContext, bytes: Uint8Array, info: TAgentInfo): void {
  if (info.agentIdLen < 0) throw new RowError('missing_field', 'TAgentInfo without agentId')
  appendAgentInfo(context.rows, bytes, info)
  appendApplicationIndex(context.rows, bytes, info)
}

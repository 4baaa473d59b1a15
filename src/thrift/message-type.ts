// Thrift header type codes and the messages that the collector takes (spec: wire.md §2.2).

export const CODE_NETWORK_CHECK = 10
export const CODE_SPAN = 40
export const CODE_AGENT_INFO = 50
export const CODE_AGENT_STAT = 55
export const CODE_AGENT_STAT_BATCH = 56
export const CODE_SPAN_CHUNK = 70
export const CODE_SPAN_EVENT = 80
export const CODE_SQL_METADATA = 300
export const CODE_API_METADATA = 310
export const CODE_RESULT = 320
export const CODE_STRING_METADATA = 330
export const CODE_CHUNK = 400

/** Message kinds as the accounting counts them: the index is what batches carry. */
export const MESSAGE_TYPES = [
  'TSpan',
  'TSpanChunk',
  'TAgentStat',
  'TAgentStatBatch',
  'TAgentInfo',
  'TApiMetaData',
  'TSqlMetaData',
  'TStringMetaData',
  'AgentState',
] as const

export type MessageTypeName = (typeof MESSAGE_TYPES)[number]

export const SPAN = 0
export const SPAN_CHUNK = 1
export const AGENT_STAT = 2
export const AGENT_STAT_BATCH = 3
export const AGENT_INFO = 4
export const API_METADATA = 5
export const SQL_METADATA = 6
export const STRING_METADATA = 7
/** no wire message: a socket state change or a ping, which make rows too */
export const AGENT_STATE = 8

import type { CompactReader } from './compact-reader.js'
import {
  readTAgentInfo,
  readTAgentStat,
  readTAgentStatBatch,
  TAgentInfo,
  TAgentStat,
  TAgentStatBatch,
} from './generated/pinpoint.js'
import {
  readTApiMetaData,
  readTSpan,
  readTSpanChunk,
  readTSqlMetaData,
  readTStringMetaData,
  TApiMetaData,
  TSpan,
  TSpanChunk,
  TSqlMetaData,
  TStringMetaData,
} from './generated/trace.js'
import * as types from './message-type.js'

/** Header codes of message kinds, by MESSAGE_TYPES index; the last kind has none. */
const CODES = [
  types.CODE_SPAN,
  types.CODE_SPAN_CHUNK,
  types.CODE_AGENT_STAT,
  types.CODE_AGENT_STAT_BATCH,
  types.CODE_AGENT_INFO,
  types.CODE_API_METADATA,
  types.CODE_SQL_METADATA,
  types.CODE_STRING_METADATA,
]

/** Codes that exist in the protocol but that no port of the collector takes by themselves. */
const OTHER_CODES = new Set([types.CODE_NETWORK_CHECK, types.CODE_SPAN_EVENT, types.CODE_RESULT, types.CODE_CHUNK])

/** The MESSAGE_TYPES index of a header's code; -1: a code that no port takes, -2: a code that does not exist. */
export function messageTypeOf(code: number): number {
  const index = CODES.indexOf(code)
  return index >= 0 ? index : OTHER_CODES.has(code) ? -1 : -2
}

/** One object of each kind, filled anew by each read(). */
export class MessageReader {
  readonly span = new TSpan()
  readonly spanChunk = new TSpanChunk()
  readonly agentStat = new TAgentStat()
  readonly agentStatBatch = new TAgentStatBatch()
  readonly agentInfo = new TAgentInfo()
  readonly apiMetadata = new TApiMetaData()
  readonly sqlMetadata = new TSqlMetaData()
  readonly stringMetadata = new TStringMetaData()
  /** slice of the agent id of the last message read; of its application name */
  agentAt = 0
  agentLen = -1
  nameAt = 0
  nameLen = -1

  /** Reads the struct at the reader's place. @param type MESSAGE_TYPES index of a wire message */
  read(r: CompactReader, type: number): void {
    switch (type) {
      case types.SPAN:
        readTSpan(r, this.span)
        this.from(this.span, this.span.applicationNameAt, this.span.applicationNameLen)
        break
      case types.SPAN_CHUNK:
        readTSpanChunk(r, this.spanChunk)
        this.from(this.spanChunk, this.spanChunk.applicationNameAt, this.spanChunk.applicationNameLen)
        break
      case types.AGENT_STAT:
        readTAgentStat(r, this.agentStat)
        this.from(this.agentStat, 0, -1)
        break
      case types.AGENT_STAT_BATCH:
        readTAgentStatBatch(r, this.agentStatBatch)
        this.from(this.agentStatBatch, 0, -1)
        break
      case types.AGENT_INFO:
        readTAgentInfo(r, this.agentInfo)
        this.from(this.agentInfo, this.agentInfo.applicationNameAt, this.agentInfo.applicationNameLen)
        break
      case types.API_METADATA:
        readTApiMetaData(r, this.apiMetadata)
        this.from(this.apiMetadata, 0, -1)
        break
      case types.SQL_METADATA:
        readTSqlMetaData(r, this.sqlMetadata)
        this.from(this.sqlMetadata, 0, -1)
        break
      case types.STRING_METADATA:
        readTStringMetaData(r, this.stringMetadata)
        this.from(this.stringMetadata, 0, -1)
        break
    }
  }

  private from(m: { agentIdAt: number; agentIdLen: number }, nameAt: number, nameLen: number): void {
    this.agentAt = m.agentIdAt
    this.agentLen = m.agentIdLen
    this.nameAt = nameAt
    this.nameLen = nameLen
  }
}

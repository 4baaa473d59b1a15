import type { Accounting, ReceiverName } from './accounting.js'
import type { AgentRegistry, AgentTraffic } from './agents.js'
import type { Batcher } from './batch/batcher.js'
import { DROPS, type DropName } from './drop-reasons.js'
import { DecodeError, messageOf, RowError } from './errors.js'
import { mapAgentInfo } from './handler/agent-info.js'
import { mapAgentState } from './handler/agent-lifecycle.js'
import { mapAgentStat, mapAgentStatBatch } from './handler/agent-stat.js'
import type { MapContext } from './handler/context.js'
import { mapApiMetadata, mapSqlMetadata, mapStringMetadata } from './handler/metadata.js'
import { mapSpan } from './handler/span.js'
import { mapSpanChunk } from './handler/span-chunk.js'
import type { LimitedWarn } from './log.js'
import type { AgentStateEvent } from './receiver/tcp-handler.js'
import { forgetView } from './row/byte-view.js'
import type { MessageDone, RowBatch } from './row/row-batch.js'
import { CompactReader } from './thrift/compact-reader.js'
import { readHeader } from './thrift/header.js'
import { MessageReader, messageTypeOf } from './thrift/message-reader.js'
import * as types from './thrift/message-type.js'

/** Which message kinds a port takes (spec: wire.md §3.1), as bits by MESSAGE_TYPES index. */
const TAKES: Record<ReceiverName, number> = {
  span: (1 << types.SPAN) | (1 << types.SPAN_CHUNK),
  stat: (1 << types.AGENT_STAT) | (1 << types.AGENT_STAT_BATCH),
  tcp: (1 << types.AGENT_INFO) | (1 << types.API_METADATA) | (1 << types.SQL_METADATA) | (1 << types.STRING_METADATA),
}

const DECODE_DROPS: Record<string, DropName> = {
  TRUNCATED: 'truncated',
  MALFORMED: 'malformed',
  TOO_DEEP: 'tooDeep',
  BAD_SIGNATURE: 'badSignature',
}

const MAP_DROPS = new Map<string, DropName>(
  (Object.keys(DROPS) as DropName[])
    .filter((name) => DROPS[name].stage === 'map')
    .map((name) => [DROPS[name].reason, name]),
)

/** Asked only when there is something to tell of it. */
interface Sender {
  readonly address: string
}

/** decode → map → batch, for the messages of one worker. Never throws. */
export class Dispatcher {
  private readonly reader = new CompactReader()
  private readonly messages = new MessageReader()

  constructor(
    private readonly context: MapContext,
    private readonly batcher: Batcher,
    private readonly agents: AgentRegistry,
    private readonly accounting: Accounting,
    private readonly warn: LimitedWarn,
    private readonly now: () => number,
  ) {}

  /** A datagram of one message, or a chunk of several (type 400), at bytes[at..end). @param from for the log */
  datagram(port: 'span' | 'stat', bytes: Uint8Array, from: Sender, at = 0, end = bytes.length): void {
    if (this.batcher.full) {
      this.accounting.drop('queueFull')
      return
    }
    const r = this.reader
    r.reset(bytes, at, end)
    try {
      const code = readHeader(r)
      if (code !== types.CODE_CHUNK) {
        this.message(port, code, bytes, at, from, null)
        return
      }
      if (r.pos === r.end) this.accounting.drop('truncated')
      while (r.pos < r.end) {
        const start = r.pos
        this.message(port, readHeader(r), bytes, start, from, null)
      }
    } catch (error) {
      this.undecodable(port, from, error)
    } finally {
      r.release()
    }
  }

  /**
   * A message over TCP. @param done is called when its rows are stored or refused; not at all when the message cannot
   * be decoded or is not taken here (no answer is sent then, as in the original). @returns whether `done` will be called
   */
  packet(bytes: Uint8Array, from: Sender, done: MessageDone | null): boolean {
    if (this.batcher.fullForTcp) {
      this.accounting.drop('queueFull')
      done?.(new Error('The collector is overloaded: its queue to the store is full.'))
      return done !== null
    }
    const r = this.reader
    r.reset(bytes, 0, bytes.length)
    try {
      const code = readHeader(r)
      return this.message('tcp', code, bytes, 0, from, done)
    } catch (error) {
      this.undecodable('tcp', from, error)
      return false
    } finally {
      r.release()
      forgetView()
    }
  }

  /** A socket state change or ping that makes rows. */
  agentState(event: AgentStateEvent): void {
    this.agents.noteState(event)
    if (this.batcher.fullForTcp) {
      this.accounting.drop('queueFull')
      return
    }
    this.accounting.begin(types.AGENT_STATE)
    this.context.accept(event.timestamp)
    const rows = this.openBatch()
    const rowCount = rows.rowCount
    const size = rows.bytes
    rows.beginMessage(types.AGENT_STATE, event.timestamp, this.batcher.options.maxMessageBytes)
    try {
      mapAgentState(this.context, event)
      this.batcher.appended()
    } catch (error) {
      this.unmappable(types.AGENT_STATE, rowCount, size, event.agentId, error)
    }
  }

  /** Reads and maps the message at the reader's place. @param start of the message in bytes */
  private message(
    port: ReceiverName,
    code: number,
    bytes: Uint8Array,
    start: number,
    from: Sender,
    done: MessageDone | null,
  ): boolean {
    const type = messageTypeOf(code)
    if (type < 0 || (TAKES[port] & (1 << type)) === 0) {
      this.accounting.drop(type === -2 ? 'unknownType' : 'unsupportedType')
      this.warn(
        `type ${port}`,
        `dropped a message of type ${code} from ${from.address}: the ${port} port does not take it; compare the ports in that agent's pinpoint.config`,
        { port, from: from.address },
        from.address,
      )
      this.reader.pos = this.reader.end
      return false
    }
    const m = this.messages
    m.read(this.reader, type)
    this.accounting.begin(type)
    const time = this.now()
    this.context.accept(time)
    const agent = this.agents.get(bytes, m.agentAt, m.agentLen, m.nameAt, m.nameLen)
    note(agent, port, time)
    this.map(type, bytes, start, agent, done)
    return done !== null
  }

  private map(type: number, bytes: Uint8Array, start: number, agent: AgentTraffic, done: MessageDone | null): void {
    const rows = this.openBatch()
    const rowCount = rows.rowCount
    const size = rows.bytes
    const number = rows.beginMessage(type, this.context.time, this.batcher.options.maxMessageBytes)
    try {
      this.mapTo(type, bytes, start)
    } catch (error) {
      agent.dropped++
      this.unmappable(type, rowCount, size, agent.agentId, error)
      done?.(error instanceof Error ? error : new Error(messageOf(error)))
      return
    }
    if (done !== null) {
      rows.waiting.set(number, done)
      this.batcher.hurry()
    }
    this.batcher.appended()
  }

  /** The batch that takes rows now: the batcher exchanges it between messages. */
  private openBatch(): RowBatch {
    return (this.context.rows = this.batcher.open)
  }

  /** Takes back what the message wrote, and counts it. */
  private unmappable(type: number, rowCount: number, size: number, agentId: string, error: unknown): void {
    const { rows } = this.context
    rows.truncate(rowCount, size)
    rows.popMessage()
    this.accounting.dropInFlight((error instanceof RowError && MAP_DROPS.get(error.reason)) || 'internal')
    const name = types.MESSAGE_TYPES[type]
    this.warn(`map ${name}`, `dropped a ${name} of agent ${agentId}: ${messageOf(error)}`, {}, agentId)
  }

  private mapTo(type: number, bytes: Uint8Array, start: number): void {
    const { context, messages: m } = this
    switch (type) {
      case types.SPAN:
        mapSpan(context, bytes, start, m.span)
        break
      case types.SPAN_CHUNK:
        mapSpanChunk(context, bytes, start, m.spanChunk)
        break
      case types.AGENT_STAT:
        mapAgentStat(context, bytes, m.agentStat)
        break
      case types.AGENT_STAT_BATCH:
        mapAgentStatBatch(context, bytes, m.agentStatBatch)
        break
      case types.AGENT_INFO:
        mapAgentInfo(context, bytes, m.agentInfo)
        break
      case types.API_METADATA:
        mapApiMetadata(context, bytes, m.apiMetadata)
        break
      case types.SQL_METADATA:
        mapSqlMetadata(context, bytes, m.sqlMetadata)
        break
      case types.STRING_METADATA:
        mapStringMetadata(context, bytes, m.stringMetadata)
        break
    }
  }

  private undecodable(port: ReceiverName, { address }: Sender, error: unknown): void {
    const name = error instanceof DecodeError ? DECODE_DROPS[error.code] : undefined
    this.accounting.drop(name ?? 'malformed')
    const text = `dropped a message from ${address} on port ${port}: ${messageOf(error)}`
    this.warn(`decode ${port} ${name}`, text, { port, from: address }, address)
  }
}

function note(agent: AgentTraffic, port: ReceiverName, time: number): void {
  if (port === 'span') {
    agent.spanMessages++
    agent.lastSpan = time
  } else if (port === 'stat') {
    agent.statMessages++
    agent.lastStat = time
  } else {
    agent.tcpMessages++
    agent.lastTcp = time
  }
}

import { Accounting } from '../../src/accounting.js'
import { CounterMap } from '../../src/aggregate/counter-map.js'
import { HostMapCache } from '../../src/aggregate/host-map-cache.js'
import { mapAgentInfo } from '../../src/handler/agent-info.js'
import { MapContext } from '../../src/handler/context.js'
import { mapSpan } from '../../src/handler/span.js'
import { mapSpanChunk } from '../../src/handler/span-chunk.js'
import { RowBatch } from '../../src/row/row-batch.js'
import { CompactReader } from '../../src/thrift/compact-reader.js'
import { readHeader } from '../../src/thrift/header.js'
import { MessageReader, messageTypeOf } from '../../src/thrift/message-reader.js'
import { AGENT_INFO, SPAN } from '../../src/thrift/message-type.js'

const MAX_MESSAGE_BYTES = 8 << 20
const SEQUENCE_LIMIT = 10_000
const COUNTER_BYTES = 16 << 20
const HOSTS = 10_000

/** Spans, chunks and agent information to rows, without sockets, queue and store. */
export class RowMapper {
  readonly batch = new RowBatch()
  readonly counters: CounterMap
  private readonly reader = new CompactReader()
  private readonly messages = new MessageReader()
  /** as in the dispatcher */
  private readonly bytes = Buffer.allocUnsafeSlow(65_535)
  private readonly context: MapContext
  private now = 0

  constructor() {
    const accounting = new Accounting()
    this.counters = new CounterMap(COUNTER_BYTES, accounting, () => this.now)
    this.context = new MapContext(this.batch, this.counters, new HostMapCache(HOSTS), accounting, SEQUENCE_LIMIT)
  }

  /** Decodes only. @returns the message type's number */
  decode(datagram: Buffer): number {
    this.bytes.set(datagram)
    this.reader.reset(this.bytes, 0, datagram.length)
    const type = messageTypeOf(readHeader(this.reader))
    this.messages.read(this.reader, type)
    this.reader.release()
    return type
  }

  /** Decodes, and adds rows to the batch. @param now ms, when it was accepted @returns the message type's number */
  map(datagram: Buffer, now: number): number {
    const type = this.decode(datagram)
    const { bytes } = this
    this.now = now
    this.context.accept(now)
    this.batch.beginMessage(type, now, MAX_MESSAGE_BYTES)
    if (type === SPAN) mapSpan(this.context, bytes, 0, this.messages.span)
    else if (type === AGENT_INFO) mapAgentInfo(this.context, bytes, this.messages.agentInfo)
    else mapSpanChunk(this.context, bytes, 0, this.messages.spanChunk)
    return type
  }
}

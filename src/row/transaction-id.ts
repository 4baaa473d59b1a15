import { RowError } from '../errors.js'
import { CompactReader } from '../thrift/compact-reader.js'
import type { RowWriter } from './row-writer.js'

// Transaction id (spec: storage.md §3):
//   wire         => version:i8=0  pstr agentId (null: the span's own)  var(long) agentStartTime  var(long) sequence
//   Traces row   => pad24(agentId)  i64 agentStartTime  i64 sequence
//   index column => pstr agentId  svar(long) agentStartTime  var(long) sequence

/** Width of an agent id or application name in row keys. */
export const NAME_WIDTH = 24

const reader = new CompactReader()

/** A parsed transaction id; one instance is re-used. The agent id is a slice of the message, or of the span's. */
export class TransactionId {
  agentAt = 0
  agentLen = -1
  startHi = 0
  startLo = 0
  sequenceHi = 0
  sequenceLo = 0

  /** Parses bytes[at..at+n); the slice ownAt, ownLen stands in for a null agent id. */
  parse(bytes: Uint8Array, at: number, n: number, ownAt: number, ownLen: number): void {
    if (n < 0) throw new RowError('bad_transaction_id', 'the message has no transaction id')
    try {
      reader.reset(bytes, at, at + n)
      if (reader.byte() !== 0) throw new RowError('bad_transaction_id', 'transaction id of an unknown version')
      const length = reader.i32()
      if (length === -1) {
        this.agentAt = ownAt
        this.agentLen = ownLen
      } else {
        if (length < 0) reader.fail('MALFORMED', `agent id of ${length} bytes`)
        if (length > reader.end - reader.pos) reader.fail('TRUNCATED', 'the agent id is longer than the transaction id')
        this.agentAt = reader.pos
        this.agentLen = length
        reader.pos += length
      }
      reader.var64()
      this.startHi = reader.hi
      this.startLo = reader.lo
      reader.var64()
      this.sequenceHi = reader.hi
      this.sequenceLo = reader.lo
    } catch (error) {
      if (error instanceof RowError) throw error
      throw new RowError('bad_transaction_id', `transaction id: ${error instanceof Error ? error.message : error}`)
    } finally {
      reader.release()
    }
  }

  writeTracesKey(w: RowWriter, bytes: Uint8Array): void {
    w.padStr(bytes, this.agentAt, this.agentLen, NAME_WIDTH)
    w.i64(this.startHi, this.startLo)
    w.i64(this.sequenceHi, this.sequenceLo)
  }

  writeIndexColumn(w: RowWriter, bytes: Uint8Array): void {
    w.pstr(bytes, this.agentAt, this.agentLen)
    w.svar64(this.startHi, this.startLo)
    w.var64(this.sequenceHi, this.sequenceLo)
  }
}

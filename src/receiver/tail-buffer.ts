import { DecodeError } from '../errors.js'

// Unread bytes of one connection. Between chunks it holds no memory unless a packet is unfinished:
//
//   bytes  |.. read ..|==== unread ====|.. free ..|
//                     start            start+length
//
// `bytes` is the socket's own chunk while that is being read, and a buffer of ours afterwards.

/** Bytes that all connections together keep for unfinished packets. */
export interface BufferBudget {
  usedBytes: number
  readonly maxBytes: number
}

const NONE = Buffer.alloc(0)
const MIN_BYTES = 64
/** a packet of a known size up to this is given its whole buffer at once; a longer one must send before it gets memory */
const MAX_EAGER_BYTES = 16 * 1024
/** an own buffer above this is given back when what is left of it is small */
const BIG_BYTES = 4 * 1024

export class TailBuffer {
  bytes: Buffer = NONE
  start = 0
  length = 0
  private expected = 0
  /** capacity of the own buffer; 0 while `bytes` is a chunk or nothing */
  private ownBytes = 0

  constructor(private readonly budget: BufferBudget) {}

  /** The unfinished packet will be `size` bytes long. */
  expect(size: number): void {
    this.expected = size
  }

  take(size: number): void {
    this.start += size
    this.length -= size
    this.expected = 0
  }

  push(chunk: Buffer): void {
    if (this.length === 0) {
      this.give(0)
      this.bytes = chunk
      this.start = 0
      this.length = chunk.length
      return
    }
    const needed = this.length + chunk.length
    if (this.ownBytes === 0 || needed > this.bytes.length) {
      this.move(Math.max(needed, Math.min(2 * this.bytes.length, this.expected)))
    } else if (this.start + needed > this.bytes.length) this.compact()
    chunk.copy(this.bytes, this.start + this.length)
    this.length = needed
  }

  settle(): void {
    if (this.length === 0) {
      this.give(0)
      this.bytes = NONE
      this.start = 0
    } else if (this.ownBytes === 0) {
      this.move(Math.max(MIN_BYTES, this.length, this.expected <= MAX_EAGER_BYTES ? this.expected : 0))
    } else if (this.ownBytes > BIG_BYTES && this.start > 0 && 4 * this.length < this.ownBytes) {
      this.move(Math.max(MIN_BYTES, this.length))
    }
  }

  private compact(): void {
    this.bytes.copyWithin(0, this.start, this.start + this.length)
    this.start = 0
  }

  private move(capacity: number): void {
    this.give(capacity)
    // not from Buffer's pool: a few bytes of one connection would keep a pool of 8 KiB alive
    const own = Buffer.allocUnsafeSlow(capacity)
    this.bytes.copy(own, 0, this.start, this.start + this.length)
    this.bytes = own
    this.start = 0
  }

  private give(ownBytes: number): void {
    const used = this.budget.usedBytes + ownBytes - this.ownBytes
    if (ownBytes > this.ownBytes && used > this.budget.maxBytes) {
      throw new DecodeError(
        'FRAME_BUFFERS',
        'Unfinished packets of all connections use up their memory; see pinpoint_tcp_buffered_bytes',
        0,
      )
    }
    this.budget.usedBytes = used
    this.ownBytes = ownBytes
  }
}

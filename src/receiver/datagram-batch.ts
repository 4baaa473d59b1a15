import { type Libc, libc } from '../libc.js'
import { addressOf, portOf, SOCKET_ADDRESS_BYTES } from './socket-address.js'

// Many datagrams with one system call, recvmmsg(2), which Node.js does not offer: received its way, one by one as objects,
// each costs 3 us more (docs/performance-tried.md). The kernel fills two buffers that are laid out once, 64-bit little-endian:
//
//   bytes   | slot 0 | slot 1 | …                      SLOT_BYTES each
//   frame   | mmsghdr* | iovec* | sockaddr* |          one of each a slot
//
//   mmsghdr => name:ptr nameLength:u32 -:u32  vectors:ptr vectorCount:u64  control:ptr controlLength:u64  flags:u32 -:u32
//              length:u32 -:u32
//   iovec   => base:ptr length:u64

/** More than any UDP datagram has. */
const MAX_DATAGRAM_BYTES = 65_536
/** With a multiple of 4 KiB, all slots would want the same lines of the processor's caches. */
const SLOT_BYTES = MAX_DATAGRAM_BYTES + 17 * 64
/** Datagrams that are read at once. */
export const SLOTS = 32

const HEADER_BYTES = 64
const NAME_LENGTH_AT = 8
const VECTORS_AT = 16
const VECTOR_COUNT_AT = 24
const LENGTH_AT = 56
const VECTOR_BYTES = 16
const FIRST_VECTOR = SLOTS * HEADER_BYTES
const FIRST_SENDER = FIRST_VECTOR + SLOTS * VECTOR_BYTES
const FRAME_BYTES = FIRST_SENDER + SLOTS * SOCKET_ADDRESS_BYTES

const MSG_DONTWAIT = 0x40
/** Nothing there, a signal came first, a sender's port is closed to an answer, or the kernel is short of memory: the next look reads. */
const HARMLESS_ERRORS = new Set(['EAGAIN', 'EINTR', 'ECONNREFUSED', 'ENOMEM', 'ENOBUFS'])

/** Who sent a datagram; valid until the next is taken. */
export interface DatagramSender {
  readonly address: string
  readonly port: number
}

/** Where a worker's datagrams are received, whichever way; its sockets use it in turn. */
export class DatagramBatch {
  /** stays the same; how they lie in it: at(), length() */
  readonly bytes: Buffer
  private readonly frame = Buffer.alloc(FRAME_BYTES)
  private readonly view = new DataView(this.frame.buffer)
  private readonly senders = Array.from(
    { length: SLOTS },
    (_, slot) => new SlotSender(this.frame, FIRST_SENDER + slot * SOCKET_ADDRESS_BYTES),
  )
  /** the last error of read() */
  failure = ''

  constructor(private readonly library: Libc | null = libc()) {
    this.bytes = Buffer.allocUnsafeSlow((library === null ? 1 : SLOTS) * SLOT_BYTES)
    if (library !== null) this.layOut(library)
  }

  /** Both buffers live as long as this object, and do not move. */
  private layOut({ addressOf }: Libc): void {
    const { frame } = this
    const bytesAt = addressOf(this.bytes)
    const frameAt = addressOf(frame)
    for (let slot = 0; slot < SLOTS; slot++) {
      const header = slot * HEADER_BYTES
      const vector = FIRST_VECTOR + slot * VECTOR_BYTES
      frame.writeBigUInt64LE(frameAt + BigInt(FIRST_SENDER + slot * SOCKET_ADDRESS_BYTES), header)
      frame.writeBigUInt64LE(frameAt + BigInt(vector), header + VECTORS_AT)
      frame.writeBigUInt64LE(1n, header + VECTOR_COUNT_AT)
      frame.writeBigUInt64LE(bytesAt + BigInt(this.at(slot)), vector)
      frame.writeBigUInt64LE(BigInt(MAX_DATAGRAM_BYTES), vector + 8)
    }
  }

  /** Whether read() works here. */
  get canRead(): boolean {
    return this.library !== null
  }

  /** Takes in one datagram that was received another way, as number 0. */
  put(datagram: Uint8Array): void {
    this.bytes.set(datagram)
  }

  /**
   * Reads what the socket has, up to SLOTS datagrams, without waiting.
   * @param socket its file descriptor
   * @returns how many, numbered from 0; -1 when it cannot be read so, and `failure` says why
   */
  read(socket: number): number {
    const { library, view } = this
    if (library === null) return -1
    // the kernel has put the real lengths there
    for (let at = NAME_LENGTH_AT; at < FIRST_VECTOR; at += HEADER_BYTES) view.setUint32(at, SOCKET_ADDRESS_BYTES, true)
    const count = library.receiveMany(socket, this.frame, SLOTS, MSG_DONTWAIT, null)
    if (count >= 0) return count
    this.failure = library.error()
    return HARMLESS_ERRORS.has(this.failure) ? 0 : -1
  }

  /** Where a datagram begins in `bytes`. */
  at(number: number): number {
    return number * SLOT_BYTES
  }

  /** Its length. */
  length(number: number): number {
    return this.view.getUint32(number * HEADER_BYTES + LENGTH_AT, true)
  }

  sender(number: number): DatagramSender {
    return this.senders[number]
  }
}

/** Made out only when somebody asks, which is rare. */
class SlotSender implements DatagramSender {
  constructor(
    private readonly frame: Buffer,
    private readonly at: number,
  ) {}

  get address(): string {
    return addressOf(this.frame, this.at)
  }

  get port(): number {
    return portOf(this.frame, this.at)
  }
}

import type { Socket } from 'node:dgram'
import { type DatagramBatch, type DatagramSender, SLOTS } from './datagram-batch.js'
import { handleOf, type SocketHandle } from './socket-handle.js'

// Two ways to read a UDP socket:
//
//   by event   libuv reads each datagram when it comes, and wakes the process for it
//   by clock   the process looks every few ms and reads all that came since, SLOTS at a time
//
// An event costs a waking-up where few come, and where many do 3 us a datagram more than the clock; the clock costs its
// looks when nothing comes (docs/performance-tried.md). So: by event while it is quiet, by clock while it is not.

/** So many datagrams within so many ms, and it goes on by clock. */
const BUSY_DATAGRAMS = 16
const BUSY_MS = 40
/** No more than so many within so many ms, and it goes on by event. */
const QUIET_DATAGRAMS = 50
const QUIET_MS = 500
/** What the kernel must have room for, in bytes of its own count, for each ms between two looks. */
const BYTES_A_MS = 1024 * 1024
const MAX_LOOK_MS = 5
/** Batches read in one go; then others have their turn. */
const MAX_READS = 16

/** Takes one datagram, bytes[at..end). It may keep no reference to it. */
export type TakeDatagram = (bytes: Buffer, at: number, end: number, from: DatagramSender) => void

/** Reads one UDP socket. */
export class DatagramReader {
  /** false: what comes is left to the other processes that have the socket */
  reading = false
  private handle: SocketHandle | null = null
  private lookMs = 0
  private clock: NodeJS.Timeout | undefined
  /** an extra look is on its way */
  private hurried = false
  /** whether the clock may be used */
  private clocked = false
  private datagrams = 0
  /** since when they are counted */
  private sinceMs = 0

  /** @param failed is told, once, why the clock cannot be used any more; events go on */
  constructor(
    private readonly socket: Socket,
    private readonly batch: DatagramBatch,
    private readonly take: TakeDatagram,
    private readonly failed: (why: string) => void,
  ) {
    socket.on('message', (datagram, from) => this.event(datagram, from))
  }

  /** To be called when the socket is bound: from then on it reads. @param bufferBytes that the kernel holds for it */
  begin(bufferBytes: number): void {
    this.handle = handleOf(this.socket)
    this.reading = true
    this.clocked = this.batch.canRead && this.handle !== null && this.handle.fd >= 0
    this.lookMs = Math.max(1, Math.min(MAX_LOOK_MS, Math.floor(bufferBytes / BYTES_A_MS)))
  }

  /** Reads, or leaves the socket to others; where Node.js hides the handle it always reads. */
  read(on: boolean): void {
    if (this.handle === null || on === this.reading) return
    this.reading = on
    if (on) this.byEvent()
    else {
      this.stopClock()
      this.handle.recvStop()
    }
  }

  /** Whatever comes from now on is read by event. */
  leaveClock(): void {
    this.clocked = false
    if (this.clock !== undefined) this.byEvent()
  }

  private event(datagram: Buffer, from: DatagramSender): void {
    this.batch.put(datagram)
    this.take(this.batch.bytes, 0, datagram.length, from)
    if (!this.clocked || ++this.datagrams < BUSY_DATAGRAMS) return
    const now = performance.now()
    const busy = now - this.sinceMs < BUSY_MS
    this.sinceMs = now
    this.datagrams = 0
    if (busy && this.reading && this.clock === undefined) this.byClock()
  }

  private byClock(): void {
    this.handle?.recvStop()
    this.sinceMs = performance.now()
    this.clock = setInterval(() => this.tick(), this.lookMs)
  }

  private byEvent(): void {
    this.stopClock()
    this.datagrams = 0
    this.handle?.recvStart()
  }

  private stopClock(): void {
    clearInterval(this.clock)
    this.clock = undefined
  }

  private tick(): void {
    this.look()
    const now = performance.now()
    if (now - this.sinceMs < QUIET_MS) return
    if (this.datagrams <= QUIET_DATAGRAMS) this.byEvent()
    this.sinceMs = now
    this.datagrams = 0
  }

  private look(): void {
    const { batch, handle, take } = this
    for (let reads = 0; this.clock !== undefined && handle !== null; reads++) {
      if (reads === MAX_READS) {
        this.hurry()
        return
      }
      const count = batch.read(handle.fd)
      if (count < 0) {
        this.fail()
        return
      }
      this.datagrams += count
      for (let i = 0; i < count; i++) {
        const at = batch.at(i)
        take(batch.bytes, at, at + batch.length(i), batch.sender(i))
      }
      if (count < SLOTS) return
    }
  }

  private hurry(): void {
    if (this.hurried) return
    this.hurried = true
    setImmediate(() => {
      this.hurried = false
      this.look()
    })
  }

  private fail(): void {
    this.leaveClock()
    this.failed(this.batch.failure)
  }
}

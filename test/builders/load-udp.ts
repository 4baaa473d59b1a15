import { createSocket, type Socket } from 'node:dgram'
import { udpQueueBytes } from './collector-usage.js'

/** A burst must be small beside the receive buffer, or the kernel drops what nobody was too slow for. */
const PACE_MS = 4
const MAX_BURST = 64
const MAX_BURST_BYTES = 64 * 1024
/** What may wait in the kernel when the next burst goes out; it counts about 1 KiB for the smallest datagram. */
export const MAX_QUEUE_BYTES = 128 * 1024

/** Sends datagrams to one port, never more at once than the receiver's buffer holds with ease. */
export class UdpSender {
  sent = 0
  private readonly socket: Socket
  private unsent = 0

  constructor(private readonly port: number) {
    this.socket = createSocket('udp4')
    this.socket.on('error', () => {})
  }

  send(datagram: Buffer): void {
    this.sent++
    this.unsent++
    this.socket.send(datagram, this.port, '127.0.0.1', () => this.unsent--)
  }

  /**
   * By the clock: `rate` a second in bursts of a few milliseconds, until next() has no more or the signal comes.
   * @param maxQueueBytes of the kernel's queue, above which it waits for the receiver and catches up afterwards
   */
  async atRate(
    rate: number,
    next: () => Buffer | undefined,
    signal?: AbortSignal,
    maxQueueBytes = Infinity,
  ): Promise<void> {
    const began = performance.now()
    let sent = 0
    for (;;) {
      const held = maxQueueBytes < Infinity && udpQueueBytes(this.port) > maxQueueBytes
      const due = held && !signal?.aborted ? 0 : Math.floor(((performance.now() - began) * rate) / 1000)
      for (let burst = 0; sent < due && burst < MAX_BURST; burst++, sent++) {
        const datagram = signal?.aborted ? undefined : next()
        if (datagram === undefined) return this.flushed()
        this.send(datagram)
      }
      await pause(PACE_MS)
    }
  }

  /** As fast as the receiver reads: a burst goes out when the kernel's queue is nearly empty. */
  async asRead(next: () => Buffer | undefined): Promise<void> {
    for (;;) {
      for (let burst = 0, bytes = 0; burst < MAX_BURST && bytes < MAX_BURST_BYTES; burst++) {
        const datagram = next()
        if (datagram === undefined) return this.flushed()
        this.send(datagram)
        bytes += datagram.length
      }
      await this.flushed()
      while (udpQueueBytes(this.port) > MAX_QUEUE_BYTES) await pause(1)
    }
  }

  /** Resolves when the kernel has taken everything. */
  async flushed(): Promise<void> {
    while (this.unsent > 0) await new Promise(setImmediate)
  }

  close(): void {
    this.socket.close()
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

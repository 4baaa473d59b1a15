export interface FlowOptions {
  /** bytes of requests that one server may have to answer at the most */
  maxServerBytes: number
  /** the same for all servers together */
  maxInFlightBytes: number
}

/** A busy server's window never gets smaller than this. */
const MIN_WINDOW_BYTES = 64 * 1024
const SHRINK = 0.5
/** Part of the full window that a served request gives back. */
const GROW = 1 / 32

interface Waiter {
  bytes: number
  resolve: () => void
}

class Window {
  inFlight = 0
  readonly waiting: Waiter[] = []
  constructor(public size: number) {}
}

/**
 * Bounds the bytes in flight, per server and in total. A server that says it is busy gets half as much at a time; each
 * request served gives a little back. A request larger than a window goes alone.
 */
export class FlowControl {
  private readonly byServer = new Map<string, Window>()
  private total = 0

  constructor(private readonly options: FlowOptions) {}

  /** Resolves when `bytes` may be sent to that server; release() must follow. */
  acquire(server: string, bytes: number): Promise<void> {
    let window = this.byServer.get(server)
    if (window === undefined) this.byServer.set(server, (window = new Window(this.options.maxServerBytes)))
    if (window.waiting.length === 0 && this.fits(window, bytes)) {
      this.take(window, bytes)
      return Promise.resolve()
    }
    const { waiting } = window
    return new Promise((resolve) => waiting.push({ bytes, resolve }))
  }

  release(server: string, bytes: number, busy: boolean): void {
    const window = this.byServer.get(server)
    if (window === undefined) return
    const full = this.options.maxServerBytes
    window.size = busy ? Math.max(MIN_WINDOW_BYTES, window.size * SHRINK) : Math.min(full, window.size + full * GROW)
    window.inFlight -= bytes
    this.total -= bytes
    for (const other of this.byServer.values()) this.wake(other)
    if (window.inFlight === 0 && window.waiting.length === 0 && window.size === full) this.byServer.delete(server)
  }

  /** Bytes that this server may have in flight now. */
  windowOf(server: string): number {
    return this.byServer.get(server)?.size ?? this.options.maxServerBytes
  }

  /** By server that is in use or was busy: what it may have in flight, and has. */
  windows(): Record<string, { windowBytes: number; inFlightBytes: number; callsQueued: number }> {
    return Object.fromEntries(
      [...this.byServer].map(([server, w]) => [
        server,
        { windowBytes: w.size, inFlightBytes: w.inFlight, callsQueued: w.waiting.length },
      ]),
    )
  }

  get inFlightBytes(): number {
    return this.total
  }

  private fits(window: Window, bytes: number): boolean {
    if (this.total > 0 && this.total + bytes > this.options.maxInFlightBytes) return false
    return window.inFlight === 0 || window.inFlight + bytes <= window.size
  }

  private take(window: Window, bytes: number): void {
    window.inFlight += bytes
    this.total += bytes
  }

  private wake(window: Window): void {
    while (window.waiting.length > 0 && this.fits(window, window.waiting[0].bytes)) {
      const next = window.waiting.shift()!
      this.take(window, next.bytes)
      next.resolve()
    }
  }
}

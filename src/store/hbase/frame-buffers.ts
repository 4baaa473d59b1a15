/** Frames of calls with few rows cost little to make anew. */
const LEAST_BYTES = 64 * 1024
/** A larger frame is an exception. */
const MOST_BYTES = 4 * 1024 * 1024
const MAX_SPARE = 2

/** Buffers of frames that were sent, used again: the pages of a fresh one cost as much as what is written to them. */
export class FrameBuffers {
  private readonly spare: Buffer[] = []

  /** A buffer of that many bytes, with anything in it. */
  take(bytes: number): Buffer {
    if (bytes < LEAST_BYTES || bytes > MOST_BYTES) return Buffer.allocUnsafeSlow(bytes)
    const at = this.spare.findIndex((buffer) => buffer.length >= bytes)
    if (at >= 0) return this.spare.splice(at, 1)[0].subarray(0, bytes)
    // the next frame is likely to be a little larger
    return Buffer.allocUnsafeSlow(Math.min(MOST_BYTES, bytes + (bytes >>> 2))).subarray(0, bytes)
  }

  /** Takes back what take() gave; nobody may read it any more. */
  give(frame: Buffer): void {
    const bytes = frame.buffer.byteLength
    if (bytes < LEAST_BYTES || bytes > MOST_BYTES) return
    // the newest are the larger ones
    if (this.spare.length >= MAX_SPARE) this.spare.shift()
    this.spare.push(Buffer.from(frame.buffer))
  }
}

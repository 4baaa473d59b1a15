// frame => length:u32  bytes            (big-endian; the length does not count itself)

const LENGTH_BYTES = 4

/** Cuts what a socket delivers into frames. A frame within one chunk is a view of it, one over several is put together once. */
export class FrameSplitter {
  private parts: Buffer[] = []
  private have = 0
  private need = LENGTH_BYTES

  constructor(
    private readonly maxFrameBytes: number,
    private readonly onFrame: (frame: Buffer) => void,
  ) {}

  /** Throws when a frame is longer than the bound. */
  push(chunk: Buffer): void {
    if (this.have > 0) {
      this.parts.push(chunk)
      this.have += chunk.length
      if (this.have < this.need) return
      chunk = Buffer.concat(this.parts, this.have)
      this.parts = []
      this.have = 0
      this.need = LENGTH_BYTES
    }
    let at = 0
    while (chunk.length - at >= LENGTH_BYTES) {
      const length = chunk.readUInt32BE(at)
      if (length > this.maxFrameBytes)
        throw new RangeError(`an answer of ${length} bytes, more than ${this.maxFrameBytes}`)
      const end = at + LENGTH_BYTES + length
      if (end > chunk.length) {
        this.need = LENGTH_BYTES + length
        break
      }
      this.onFrame(chunk.subarray(at + LENGTH_BYTES, end))
      at = end
    }
    if (at === chunk.length) return
    this.have = chunk.length - at
    this.parts.push(at === 0 ? chunk : chunk.subarray(at))
  }
}

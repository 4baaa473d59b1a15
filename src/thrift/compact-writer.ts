// Thrift compact protocol, writing side; the grammar stands in compact-reader.ts.

/** Builds one message; for the few that we send, so it grows by doubling and speaks bigint. */
export class CompactWriter {
  private buf = Buffer.alloc(256)
  private len = 0
  private lastId = 0
  private readonly ids: number[] = []

  private put(byte: number): void {
    if (this.len === this.buf.length) this.reserve(1)
    this.buf[this.len++] = byte
  }

  private reserve(n: number): void {
    if (this.len + n <= this.buf.length) return
    const bigger = Buffer.alloc(Math.max(this.buf.length * 2, this.len + n))
    this.buf.copy(bigger, 0, 0, this.len)
    this.buf = bigger
  }

  /** Header version 1: ef 10 type (spec: wire.md §2.1). */
  header(type: number): void {
    for (const byte of [0xef, 0x10, type >>> 8, type & 0xff]) this.put(byte)
  }

  structBegin(): void {
    this.ids.push(this.lastId)
    this.lastId = 0
  }

  structEnd(): void {
    this.put(0)
    this.lastId = this.ids.pop() ?? 0
  }

  fieldHead(id: number, type: number): void {
    const delta = id - this.lastId
    if (delta >= 1 && delta <= 15) this.put((delta << 4) | type)
    else {
      this.put(type)
      this.i16(id)
    }
    this.lastId = id
  }

  listHead(type: number, size: number): void {
    if (size < 15) this.put((size << 4) | type)
    else {
      this.put(0xf0 | type)
      this.var64(BigInt(size))
    }
  }

  i8(v: number): void {
    this.put(v & 0xff)
  }

  i16(v: number): void {
    this.i64(BigInt(v))
  }

  i32(v: number): void {
    this.i64(BigInt(v))
  }

  i64(v: bigint): void {
    this.var64(BigInt.asUintN(64, (v << 1n) ^ (v >> 63n)))
  }

  double(v: number): void {
    this.reserve(8)
    this.buf.writeDoubleLE(v, this.len)
    this.len += 8
  }

  string(v: string): void {
    this.binary(Buffer.from(v))
  }

  binary(v: Uint8Array): void {
    this.var64(BigInt(v.length))
    this.reserve(v.length)
    this.buf.set(v, this.len)
    this.len += v.length
  }

  private var64(v: bigint): void {
    while (v > 127n) {
      this.put(Number(v & 127n) | 128)
      v >>= 7n
    }
    this.put(Number(v))
  }

  /** A copy of what was written. */
  bytes(): Buffer {
    return Buffer.from(this.buf.subarray(0, this.len))
  }
}

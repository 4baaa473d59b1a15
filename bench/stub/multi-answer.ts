// A MultiRequest answered without reading its rows: every action of every region is acknowledged.
//
//   MultiRequest       => 1: RegionAction*
//   RegionAction       => 3: Action*                      (1: region, 2: atomic)
//   Action             => 1: index                        (2: mutation …)
//   MultiResponse      => 1: RegionActionResult*  2: processed
//   RegionActionResult => 1: ResultOrException*
//   ResultOrException  => 1: index  2: Result (empty)

const LENGTH_DELIMITED = 2
const FIELD_1_BYTES = 0x0a
const FIELD_1_VARINT = 0x08
const FIELD_2_BYTES = 0x12
const FIELD_2_VARINT = 0x10
const REGION_ACTION = 1
const ACTION = 3
const INDEX = 1

class Cursor {
  constructor(
    readonly buf: Buffer,
    public pos: number,
    readonly end: number,
  ) {}

  varint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.buf[this.pos++]
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }

  /** What a length-delimited field holds; moves behind it. */
  inner(): Cursor {
    const length = this.varint()
    this.pos += length
    return new Cursor(this.buf, this.pos - length, this.pos)
  }

  skip(wireType: number): void {
    if (wireType === LENGTH_DELIMITED) this.inner()
    else if (wireType === 0) this.varint()
    else this.pos += wireType === 1 ? 8 : 4
  }
}

/** Calls with each field of a message; it must move behind the field's value. */
function fields(c: Cursor, take: (field: number, wireType: number) => void): void {
  while (c.pos < c.end) {
    const tag = c.varint()
    take(tag >>> 3, tag & 7)
  }
}

function pushVarint(out: number[], value: number): void {
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) out.push((rest & 0x7f) | 0x80)
  out.push(rest)
}

function indexOf(action: Cursor): number {
  let index = 0
  fields(action, (field, wireType) => {
    if (field === INDEX) index = action.varint()
    else action.skip(wireType)
  })
  return index
}

function regionResult(region: Cursor): number[] {
  const out: number[] = []
  fields(region, (field, wireType) => {
    if (field !== ACTION) return region.skip(wireType)
    const one: number[] = [FIELD_1_VARINT]
    pushVarint(one, indexOf(region.inner()))
    one.push(FIELD_2_BYTES, 0)
    out.push(FIELD_1_BYTES, one.length, ...one)
  })
  return out
}

/** @param param MultiRequest @returns MultiResponse */
export function multiAnswer(param: Buffer): Buffer {
  const request = new Cursor(param, 0, param.length)
  const parts: Buffer[] = []
  fields(request, (field, wireType) => {
    if (field !== REGION_ACTION) return request.skip(wireType)
    const result = regionResult(request.inner())
    const head = [FIELD_1_BYTES]
    pushVarint(head, result.length)
    parts.push(Buffer.from(head), Buffer.from(result))
  })
  return Buffer.concat([...parts, Buffer.of(FIELD_2_VARINT, 1)])
}

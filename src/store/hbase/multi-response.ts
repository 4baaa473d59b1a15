import { Reader } from 'protobufjs/minimal.js'
import { type CallFailure, serverFailure } from './call-failure.js'

// MultiResponse      => regionActionResult=1:RegionActionResult*          (in the order of the request's RegionActions)
// RegionActionResult => resultOrException=1:ResultOrException*  exception=2:NameBytesPair
// ResultOrException  => index=1:varint  result=2:Result  exception=3:NameBytesPair
// NameBytesPair      => name=1:string (Java class)  value=2:bytes (its text, then the stack)

const FIELD_BITS = 3

/** What became of the rows of a Multi call. */
export interface MultiOutcome {
  /** @param failure null: done */
  row(row: number, failure: CallFailure | null): void
  /** none of the rows of that region action was done */
  region(part: number, failure: CallFailure): void
}

/** Throws RangeError (or an error of protobufjs) when the bytes are no MultiResponse. */
export function readMultiResponse(param: Buffer, outcome: MultiOutcome): void {
  const r = Reader.create(param)
  for (let part = 0; r.pos < r.len; ) {
    const tag = r.uint32()
    if (tag >>> FIELD_BITS === 1) readRegion(r, r.uint32() + r.pos, part++, outcome)
    else r.skipType(tag & 7)
  }
}

function readRegion(r: Reader, end: number, part: number, outcome: MultiOutcome): void {
  while (r.pos < end) {
    const tag = r.uint32()
    const field = tag >>> FIELD_BITS
    if (field === 1) readResult(r, r.uint32() + r.pos, outcome)
    else if (field === 2) outcome.region(part, readException(r, r.uint32() + r.pos))
    else r.skipType(tag & 7)
  }
}

function readResult(r: Reader, end: number, outcome: MultiOutcome): void {
  let index = 0
  let failure: CallFailure | null = null
  while (r.pos < end) {
    const tag = r.uint32()
    const field = tag >>> FIELD_BITS
    if (field === 1) index = r.uint32()
    else if (field === 3) failure = readException(r, r.uint32() + r.pos)
    else r.skipType(tag & 7)
  }
  outcome.row(index, failure)
}

function readException(r: Reader, end: number): CallFailure {
  let name = ''
  let text = ''
  while (r.pos < end) {
    const tag = r.uint32()
    const field = tag >>> FIELD_BITS
    if (field === 1) name = r.string()
    else if (field === 2) text = Buffer.from(r.bytes()).toString()
    else r.skipType(tag & 7)
  }
  return serverFailure(name, text)
}

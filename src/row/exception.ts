import type { TIntStringValue } from '../thrift/generated/trace.js'
import type { RowWriter } from './row-writer.js'

/** hasException:bool [svar(id) pstr(message)] (spec: storage.md §4) */
export function writeException(w: RowWriter, bytes: Uint8Array, info: TIntStringValue | null): void {
  if (info === null) {
    w.i8(0)
    return
  }
  w.i8(1)
  w.svar32(info.intValue)
  w.pstr(bytes, info.stringValueAt, info.stringValueLen)
}

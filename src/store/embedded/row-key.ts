import type { TableLayout } from './layout.js'

// Stored row key: orders as the row does, and none is the beginning of another, so that anything may follow it.
//
//   stored => table:u8  group+
//   group  => G bytes (zeros behind the end of the row)  mark:u8
//   mark   => 0..G: so many bytes of this last group are the row's;  255: another group follows
//
// In a re-ordered table the first group has the salt (byte 0 of the row) inside instead of in front:
//
//   | key[0..at) | key[at] & mask | salt | key[at..G) | mark |       rows of one salt are still in the order of rows
//   '---------- window ----------'

const MORE = 255
/** What a re-ordered first group has besides the salt: the masked byte. */
const REORDER_BYTES = 2

/** Where the salt of a re-ordered stored key stands; what is before it is the window. */
export function saltAt(layout: TableLayout): number {
  return layout.salt === null ? -1 : 1 + layout.salt.at + 1
}

/** Stored bytes of a row key of n bytes (salt included). */
export function storedRowBytes(layout: TableLayout, n: number): number {
  const m = layout.salt === null ? n : n - 1
  const groups = m <= layout.group ? 1 : Math.ceil(m / layout.group)
  return 1 + groups * (layout.group + 1) + (layout.salt === null ? 0 : REORDER_BYTES)
}

/** Writes the stored form of the row key src[at..end) to target[to..). @returns its end */
export function writeRowKey(
  layout: TableLayout,
  src: Uint8Array,
  at: number,
  end: number,
  target: Uint8Array,
  to: number,
): number {
  target[to++] = layout.table.id
  const place = layout.salt
  if (place === null) return writeGroups(layout.group, src, at, end, target, to)
  const salt = src[at++]
  const low = at + place.at
  for (let i = at; i < low; i++) target[to++] = i < end ? src[i] : 0
  target[to++] = low < end ? src[low] & place.mask : 0
  target[to++] = salt
  const stop = at + layout.group
  for (let i = low; i < stop; i++) target[to++] = i < end ? src[i] : 0
  if (end <= stop) {
    target[to++] = end - at
    return to
  }
  target[to++] = MORE
  return writeGroups(layout.group, src, stop, end, target, to)
}

function writeGroups(group: number, src: Uint8Array, at: number, end: number, target: Uint8Array, to: number): number {
  for (;;) {
    const stop = at + group
    const real = Math.min(end, stop)
    for (let i = at; i < real; i++) target[to++] = src[i]
    for (let i = real; i < stop; i++) target[to++] = 0
    if (end <= stop) {
      target[to++] = end - at
      return to
    }
    target[to++] = MORE
    at = stop
  }
}

/** The stored form of a row key, as a buffer of its own. */
export function storedRowKey(layout: TableLayout, row: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(storedRowBytes(layout, row.length))
  writeRowKey(layout, row, 0, row.length, out, 0)
  return out
}

/** Where the row part of a stored key ends. */
export function storedRowEnd(layout: TableLayout, key: Uint8Array): number {
  let mark = layout.group + 1 + (layout.salt === null ? 0 : REORDER_BYTES)
  while (key[mark] === MORE) mark += layout.group + 1
  return mark + 1
}

/** The row key that a stored key begins with. */
export function readRowKey(layout: TableLayout, key: Uint8Array): Buffer {
  const group = layout.group
  const row = Buffer.allocUnsafe(key.length)
  let to = 0
  let from = 1
  if (layout.salt !== null) {
    row[to++] = key[saltAt(layout)]
    for (let i = 0; i < layout.salt.at; i++) row[to++] = key[from + i]
    from += layout.salt.at + REORDER_BYTES
    for (let i = layout.salt.at; i < group; i++) row[to++] = key[from++]
  } else {
    for (let i = 0; i < group; i++) row[to++] = key[from++]
  }
  let mark = key[from++]
  while (mark === MORE) {
    for (let i = 0; i < group; i++) row[to++] = key[from++]
    mark = key[from++]
  }
  return row.subarray(0, to - group + mark)
}

/** The first key behind all that begin with a stored row key: its last mark is never 255. */
export function afterRow(stored: Uint8Array): Buffer {
  const out = Buffer.from(stored)
  out[out.length - 1]++
  return out
}

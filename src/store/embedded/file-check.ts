import { closeSync, openSync, readSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../../errors.js'

// lmdb 3.5 kills the process when it cannot open a file that it could read or make, so what may fail is tried before.

/** The two root pages that LMDB writes first, at once. */
export const SMALLEST_FILE_BYTES = 8192
/** Behind the head of the first page: MDB_MAGIC, little endian. */
const MAGIC_AT = 24
const MAGIC = 0xbeefc0de
/** Room that must be free to begin a file. */
const FREE_BYTES = 1024 * 1024

/** Throws a StoreError when the file is no LMDB file, or is missing and there is no room to make it. */
export function checkFile(path: string): void {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (bytes === 0) {
    const disk = statfsSync(dirname(path))
    if (disk.bavail * disk.bsize >= FREE_BYTES) return
    throw new StoreError(
      'full',
      `${path}: the disk is full; free space on it, set --max-size, or lower the TTL of Traces`,
      true,
    )
  }
  const head = Buffer.alloc(MAGIC_AT + 4)
  const fd = openSync(path, 'r')
  try {
    readSync(fd, head, 0, head.length, 0)
  } finally {
    closeSync(fd)
  }
  if (bytes >= SMALLEST_FILE_BYTES && head.readUInt32LE(MAGIC_AT) === MAGIC) return
  throw new StoreError(
    'corrupt',
    `${path} is no LMDB file; stop the collector, move the file away and start again`,
    false,
  )
}

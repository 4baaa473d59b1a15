import { messageOf, StoreError } from '../../errors.js'

const NO_SPACE = /ENOSPC|No space left|EDQUOT|quota/i
const MAP_FULL = /MDB_MAP_FULL/
const CORRUPT = /MDB_CORRUPTED|MDB_INVALID|MDB_VERSION_MISMATCH|MDB_PAGE_NOTFOUND/
const NO_READER = /MDB_READERS_FULL/

/** lmdb rejects with "Commit failed" and keeps the cause in a promise of its own. */
interface CommitFailure extends Error {
  commitError?: Promise<unknown>
}

/** The cause of a rejected write. */
export async function causeOf(error: unknown): Promise<unknown> {
  const commit = (error as CommitFailure).commitError
  if (commit === undefined) return error
  return commit.then(
    () => error,
    (cause) => cause,
  )
}

/** Any failure of the engine or the disk as an error that says what to do. */
export function storeFailure(cause: unknown, where: string): StoreError {
  if (cause instanceof StoreError) return cause
  const text = messageOf(cause)
  const fail = (reason: string, advice: string, retriable: boolean): StoreError =>
    new StoreError(reason, `${where}: ${text}; ${advice}`, retriable, { cause })
  if (NO_SPACE.test(text))
    return fail('full', 'free space on that disk, set --max-size, or lower the TTL of Traces', true)
  if (MAP_FULL.test(text))
    return fail('full', 'the file cannot grow; set --max-size so that partitions stay smaller', true)
  if (NO_READER.test(text)) return fail('failed', 'too many processes read the store; stop one of them', true)
  if (CORRUPT.test(text))
    return fail('corrupt', 'this file is damaged; stop the collector, move the file away and start again', false)
  return fail('failed', 'look whether the disk is full, damaged or not writable', true)
}

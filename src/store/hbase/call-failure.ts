import { messageOf, StoreError } from '../../errors.js'

/**
 * What a failed call or action means for its rows:
 *
 *   stale      not done; the region is elsewhere, ask hbase:meta again
 *   busy       not done; the server asks for less
 *   unsent     not done; it never left this process
 *   lost       nobody knows whether it was done: no answer came
 *   later      the server failed at it; it may be done or not, and may be done later
 *   permanent  not done and never will be
 *   applied    done before, by an earlier attempt with the same nonce
 */
export type FailureKind = 'stale' | 'busy' | 'unsent' | 'lost' | 'later' | 'permanent' | 'applied'

/** Why a call to a server, or one action of it, failed. */
export class CallFailure extends StoreError {
  constructor(
    readonly kind: FailureKind,
    reason: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(reason, message, kind !== 'permanent', options)
  }
}

/** Whether the rows of such a failure may have been written. */
export function outcomeUnknown(kind: FailureKind): boolean {
  return kind === 'lost' || kind === 'later'
}

const STALE = new Map([
  ['NotServingRegionException', 'not_serving_region'],
  ['RegionMovedException', 'region_moved'],
  ['RegionOpeningException', 'region_opening'],
  ['RegionInRecoveryException', 'region_opening'],
  ['WrongRegionException', 'not_serving_region'],
  ['RegionServerStoppedException', 'server_stopping'],
  ['RegionServerAbortedException', 'server_stopping'],
  ['ServerNotRunningYetException', 'server_starting'],
  ['MasterStoppedException', 'server_stopping'],
  ['NotMasterException', 'server_stopping'],
  ['NotAllMetaRegionsOnlineException', 'region_opening'],
])

const BUSY = new Map([
  ['RegionTooBusyException', 'region_too_busy'],
  ['CallQueueTooBigException', 'call_queue_too_big'],
  ['CallDroppedException', 'call_queue_too_big'],
  ['ServerTooBusyException', 'server_too_busy'],
  ['RpcThrottlingException', 'throttled'],
  ['ThrottlingException', 'throttled'],
  ['PleaseHoldException', 'server_starting'],
])

const PERMANENT = new Map([
  ['NoSuchColumnFamilyException', 'no_such_family'],
  ['TableNotFoundException', 'no_such_table'],
  ['DoNotRetryIOException', 'rejected'],
  ['FailedSanityCheckException', 'rejected'],
  ['ConstraintException', 'rejected'],
  ['InvalidMutationSizeException', 'too_large'],
  ['RequestTooBigException', 'too_large'],
  ['AccessDeniedException', 'access_denied'],
  ['UnsupportedOperationException', 'rejected'],
  ['IllegalArgumentException', 'rejected'],
])

/** "Cell with size N exceeds limit of M bytes": the one DoNotRetryIOException with a reason of its own. */
const TOO_LARGE = /exceeds limit/

/** The class of a Java exception and its text as a failure; `doNotRetry` is what the server says of it, if it does. */
export function serverFailure(javaClass: string, text: string, doNotRetry = false): CallFailure {
  const name = javaClass.slice(javaClass.lastIndexOf('.') + 1)
  const message = firstLine(text) || name
  const stale = STALE.get(name)
  if (stale !== undefined) return new CallFailure('stale', stale, message)
  const busy = BUSY.get(name)
  if (busy !== undefined) return new CallFailure('busy', busy, message)
  if (name === 'OperationConflictException') return new CallFailure('applied', 'applied', message)
  const permanent = PERMANENT.get(name)
  if (permanent !== undefined) {
    return new CallFailure(
      'permanent',
      permanent === 'rejected' && TOO_LARGE.test(message) ? 'too_large' : permanent,
      message,
    )
  }
  if (doNotRetry) return new CallFailure('permanent', 'rejected', message)
  return new CallFailure('later', 'server_error', message)
}

const MAX_TEXT = 300

function firstLine(text: string): string {
  const end = text.indexOf('\n')
  return (end < 0 ? text : text.slice(0, end)).slice(0, MAX_TEXT)
}

/** Anything thrown on the way of a call; what is no CallFailure is an answer that cannot be read. */
export function asFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error
  return new CallFailure('lost', 'bad_answer', `cannot read what HBase answered: ${messageOf(error)}`, { cause: error })
}

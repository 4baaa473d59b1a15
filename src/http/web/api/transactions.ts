import { getJson, postForm } from './get-json.js'
import type { ServerMap } from './server-map.js'

/** A dot of the scatter chart as the POST wants it. */
export interface TransactionKey {
  traceId: string
  acceptTime: number
  elapsed: number
}

export interface TransactionMetadata {
  traceId: string
  collectorAcceptTime: number
  startTime: number
  elapsed: number
  /** path of the request */
  application: string
  agentId: string
  endpoint: string
  remoteAddr: string
  exception: number
}

export type CallStackRow = readonly (string | number | boolean | null)[]

export interface TransactionInfo {
  applicationName: string
  applicationId: string
  agentId: string
  transactionId: string
  /** Complete, Progress (spans are still missing) or Error */
  completeState: string
  callStackStart: number
  callStackEnd: number
  /** column of each field in a row */
  callStackIndex: Record<string, number>
  callStack: CallStackRow[]
  applicationMapData?: ServerMap
}

export async function postTransactionMetadata(
  keys: readonly TransactionKey[],
  signal?: AbortSignal,
): Promise<TransactionMetadata[]> {
  const form = new URLSearchParams()
  keys.forEach((key, i) => {
    form.append(`I${i}`, key.traceId)
    form.append(`T${i}`, String(key.acceptTime))
    form.append(`R${i}`, String(key.elapsed))
  })
  return (await postForm<{ metadata: TransactionMetadata[] }>('transactionmetadata.pinpoint', form, signal)).metadata
}

export async function getTransactionInfo(
  traceId: string,
  focusTimestamp: number,
  signal?: AbortSignal,
): Promise<TransactionInfo> {
  return getJson('transactionInfo.pinpoint', { traceId, focusTimestamp }, signal)
}

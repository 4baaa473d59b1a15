import { postTransactionMetadata, type TransactionKey, type TransactionMetadata } from '../api/transactions.js'
import type { ApplicationKey } from '../route/application-key.js'
import type { DotSelection } from '../route/dot-selection.js'
import { DotStore } from '../scatter/dot-store.js'
import { loadScatter } from '../scatter/load-scatter.js'

/** What is known so far of the transactions in a rectangle. */
export interface TransactionListing {
  /** in the rectangle */
  selected: number
  listed: readonly TransactionMetadata[]
  done: boolean
}

/** A list that is longer is of no use to anybody who reads it. */
export const MAX_LISTED = 5_000
/** transactions of one POST, some 90 bytes each */
const BATCH = 200

/** Finds the dots of a rectangle and asks for their transactions, batch after batch. */
export async function listTransactions(
  application: ApplicationKey,
  selection: DotSelection,
  onChange: (listing: TransactionListing) => void,
  signal: AbortSignal,
): Promise<void> {
  const dots = new DotStore()
  await loadScatter({ application: application.name, range: selection, onPage: (page) => dots.append(page), signal })
  const keys = dots.transactions(selection)
  let listed: TransactionMetadata[] = []
  for (const batch of batches(keys.slice(0, MAX_LISTED))) {
    onChange({ selected: keys.length, listed, done: false })
    listed = [...listed, ...(await postTransactionMetadata(batch, signal))]
  }
  onChange({ selected: keys.length, listed, done: true })
}

function batches(keys: readonly TransactionKey[]): TransactionKey[][] {
  return Array.from({ length: Math.ceil(keys.length / BATCH) }, (_, i) => keys.slice(i * BATCH, (i + 1) * BATCH))
}

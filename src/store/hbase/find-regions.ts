import { asFailure, CallFailure } from './call-failure.js'
import type { MetaCache } from './meta-cache.js'
import { type MutationRows, rowKey, tableOf } from './mutation-rows.js'
import type { RowStates } from './row-states.js'

/** Lookups for one table in a row, before the rows without a region wait. */
const MAX_LOOKUPS = 8

/** Looks up the regions of these rows, all tables at once. @returns why a lookup failed */
export async function findRegions(
  meta: MetaCache,
  source: MutationRows,
  states: RowStates,
  rows: readonly number[],
): Promise<CallFailure | undefined> {
  let failed: CallFailure | undefined
  const byTable = new Map<number, number[]>()
  for (const row of rows) {
    const tableId = tableOf(source, row)
    const list = byTable.get(tableId)
    if (list === undefined) byTable.set(tableId, [row])
    else list.push(row)
  }
  const lookUp = async ([tableId, list]: [number, number[]]): Promise<void> => {
    try {
      let last: number | undefined
      for (let n = 0; n < MAX_LOOKUPS; n++) {
        const row = list.find((r) => {
          const key = rowKey(source, r)
          return meta.find(tableId, key, 0, key.length) === undefined
        })
        if (row === undefined || row === last) return // found, or in transition
        last = row
        await meta.load(tableId, rowKey(source, row))
      }
    } catch (error) {
      const { reason, message } = asFailure(error)
      if (reason === 'no_such_table') for (const row of list) states.refuse(row, reason, message)
      else failed = new CallFailure('unsent', reason, message, { cause: error })
    }
  }
  await Promise.all([...byTable].map(lookUp))
  return failed
}

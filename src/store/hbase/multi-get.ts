import type { StoredRow } from '../store.js'
import { CellBlockReader } from './cell-block.js'
import { multiGetRequest, multiGetResponse } from './proto.js'
import { REGION_NAME, type Region } from './region.js'
import type { RpcConnection } from './rpc-connection.js'

// Many rows of one server by one Multi call. What it does not answer is left to others: single gets find out why.

/** Rows of one region, by their number. */
export interface RegionKeys {
  region: Region
  keys: { index: number; key: Uint8Array }[]
}

/** Calls back for each row that was answered; undefined: it is not stored. */
export async function multiGet(
  connection: RpcConnection,
  parts: readonly RegionKeys[],
  families: readonly string[] | undefined,
  timeoutMs: number,
  found: (index: number, row: StoredRow | undefined) => void,
): Promise<void> {
  const column = (families ?? []).map((family) => ({ family: Buffer.from(family) }))
  const request = multiGetRequest.encode({
    regionAction: parts.map(({ region, keys }) => ({
      region: { type: REGION_NAME, value: region.name },
      action: keys.map(({ index, key }) => ({ index, get: { row: key, column } })),
    })),
  })
  const { param, cells } = await connection.call('Multi', request, timeoutMs)
  const reader = new CellBlockReader(cells)
  for (const { resultOrException } of multiGetResponse.decode(param).regionActionResult) {
    for (const { index = 0, result, exception } of resultOrException) {
      const row = readRow(reader, result?.associatedCellCount ?? 0)
      if (exception === undefined) found(index, row)
    }
  }
}

function readRow(reader: CellBlockReader, count: number): StoredRow | undefined {
  let row: StoredRow | undefined
  for (let i = 0; i < count; i++) {
    const { row: key, family, qualifier, value, timestamp } = reader.next()
    row ??= { key, cells: [] }
    row.cells.push({ family, qualifier, value, timestamp })
  }
  return row
}

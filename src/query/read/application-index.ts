import type { StoredRow } from '../../store/store.js'

// ApplicationIndex (spec: storage.md §7.2):
//   row   => application name          Agents:<agent id> => i16 service type

export interface IndexedApplication {
  name: string
  agents: { agentId: string; typeCode: number }[]
}

export function readApplicationIndex(row: StoredRow): IndexedApplication {
  return {
    name: row.key.toString('utf8'),
    agents: row.cells.map(({ qualifier, value }) => ({
      agentId: qualifier.toString('utf8'),
      typeCode: value.readInt16BE(0),
    })),
  }
}

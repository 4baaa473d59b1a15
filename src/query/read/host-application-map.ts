import type { StoredRow } from '../../store/store.js'
import { type Application, application } from '../application.js'
import { i16, padded, rev64 } from './key.js'
import { RowReader } from './row-reader.js'

// HostApplicationMap_Ver2 (spec: storage.md §6.6):
//   row    => pad24(parent application)  i16 parent type  rev(minute slot)
//   column => pstr(acceptor host)  pstr(application)  i16 type

/** An application that answered under a host name. */
export interface AcceptingApplication {
  host: string
  application: Application
}

export function hostMapKey(parent: Application, time: number): Buffer {
  return Buffer.concat([padded(parent.name), i16(parent.type.code), rev64(time)])
}

export function readHostMap(row: StoredRow): AcceptingApplication[] {
  return row.cells.map(({ qualifier }) => {
    const column = new RowReader(qualifier)
    const host = column.pstr() ?? ''
    const name = column.pstr() ?? ''
    return { host, application: application(name, column.i16()) }
  })
}

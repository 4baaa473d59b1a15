import { NAME_WIDTH } from '../../row/transaction-id.js'
import type { StoredRow } from '../../store/store.js'
import { LAST_TIME, padded, rev64 } from './key.js'
import { RowReader } from './row-reader.js'

// AgentInfo (spec: storage.md §7.1):
//   row => pad24(agent id)  rev(start)
//   i   => pstr host  pstr ip  pstr ports  pstr application  i16 type  i32 pid  pstr version  i64 start  i64 end
//          i32 end status  pstr vmVersion
//   m   => p2str server  var count p2str*  var count service*       service => pbytes( p2str name  var count p2str* )
//   j   => i8 version  [ pstr jvm version  pstr gc type ]

export interface ServiceInfo {
  serviceName: string | null
  serviceLibs: (string | null)[]
}

export interface ServerMetadata {
  serverInfo: string | null
  vmArgs: (string | null)[]
  serviceInfos: ServiceInfo[]
}

export interface JvmInfo {
  version: number
  jvmVersion: string | null
  gcTypeName: string | null
}

/** One run of an agent. */
export interface AgentInfo {
  agentId: string
  /** ms */
  startTimestamp: number
  hostName: string | null
  ip: string | null
  ports: string | null
  applicationName: string
  typeCode: number
  pid: number
  agentVersion: string | null
  vmVersion: string | null
  serverMetaData: ServerMetadata | null
  jvmInfo: JvmInfo | null
}

/** Keys of the runs that began at `time` or before, newest first. */
export function agentRunsUntil(agentId: string, time: number): { start: Buffer; stop: Buffer } {
  const agent = padded(agentId)
  return { start: Buffer.concat([agent, rev64(time)]), stop: Buffer.concat([agent, LAST_TIME]) }
}

/** Undefined for a row without its main cell: it is just being written, or expires. */
export function readAgentInfo(row: StoredRow): AgentInfo | undefined {
  const cell = (name: string): Buffer | undefined =>
    row.cells.find((c) => c.qualifier.toString('latin1') === name)?.value
  const main = cell('i')
  if (main === undefined) return undefined
  const key = new RowReader(row.key)
  const agentId = key.padded(NAME_WIDTH).trim()
  const startTimestamp = key.rev64()
  const v = new RowReader(main)
  const hostName = v.pstr()
  const ip = v.pstr()
  const ports = v.pstr()
  const applicationName = v.pstr() ?? ''
  const typeCode = v.i16()
  const pid = v.i32()
  const agentVersion = v.pstr()
  v.skip(8 + 8 + 4)
  const vmVersion = v.left > 0 ? v.pstr() : null
  return {
    ...{ agentId, startTimestamp, hostName, ip, ports, applicationName, typeCode, pid, agentVersion, vmVersion },
    serverMetaData: readServerMetadata(cell('m')),
    jvmInfo: readJvmInfo(cell('j')),
  }
}

function readServerMetadata(value: Buffer | undefined): ServerMetadata | null {
  if (value === undefined) return null
  const v = new RowReader(value)
  const serverInfo = v.p2str()
  const vmArgs = readTexts(v)
  const serviceInfos = Array.from({ length: v.var32() }, () => {
    const service = new RowReader(v.pbytes() ?? Buffer.alloc(0))
    return { serviceName: service.p2str(), serviceLibs: readTexts(service) }
  })
  return { serverInfo, vmArgs, serviceInfos }
}

function readTexts(v: RowReader): (string | null)[] {
  const count = v.var32()
  const texts: (string | null)[] = []
  for (let i = 0; i < count; i++) texts.push(v.p2str())
  return texts
}

function readJvmInfo(value: Buffer | undefined): JvmInfo | null {
  if (value === undefined) return null
  const v = new RowReader(value)
  const version = v.i8() & 0xff
  return version === 0
    ? { version, jvmVersion: v.pstr(), gcTypeName: v.pstr() }
    : { version, jvmVersion: '', gcTypeName: '' }
}

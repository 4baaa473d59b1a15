import { RowError } from '../errors.js'
import {
  type TAgentInfo,
  TAgentInfoBit,
  type TJvmInfo,
  type TServerMetaData,
  TServerMetaDataBit,
  type TServiceInfo,
} from '../thrift/generated/pinpoint.js'
import { gcTypeName } from './agent-stat.js'
import type { RowBatch } from './row-batch.js'
import type { RowWriter } from './row-writer.js'
import { table } from './tables.js'
import { NAME_WIDTH } from './transaction-id.js'

// AgentInfo (spec: storage.md §7.1), one row an agent run:
//   row => pad24(agent id)  rev(start)
//   i   => pstr hostname ip ports application  i16 type  i32 pid  pstr version  i64 start end  i32 end status  pstr vm version
//   m   => p2str server info  var(count) p2str*  var(count) service*      service => pbytes( p2str name  var(count) p2str* )
//   j   => i8 version  [version 0: pstr vm version  pstr gc type name]
// Absent strings are empty here, other than in spans.

const AGENT_INFO = table('AgentInfo')
const INFO = 0
const BASIC = 0x69
const SERVER = 0x6d
const JVM = 0x6a

function beginColumn(rows: RowBatch, qualifier: number): void {
  rows.beginCell(INFO)
  rows.w.i8(qualifier)
  rows.beginValue()
}

/** pstr, with the empty string for null */
function text(w: RowWriter, bytes: Uint8Array, at: number, n: number): void {
  w.pstr(bytes, at, n < 0 ? 0 : n)
}

/** p2str, with the empty string for null */
function text2(w: RowWriter, bytes: Uint8Array, at: number, n: number): void {
  w.p2str(bytes, at, n < 0 ? 0 : n)
}

export function appendAgentInfo(rows: RowBatch, bytes: Uint8Array, info: TAgentInfo): void {
  const w = rows.w
  rows.beginRow(AGENT_INFO)
  w.padStr(bytes, info.agentIdAt, info.agentIdLen, NAME_WIDTH)
  w.rev64(info.startTimestampHi, info.startTimestampLo)
  rows.endKey()

  beginColumn(rows, BASIC)
  text(w, bytes, info.hostnameAt, info.hostnameLen)
  text(w, bytes, info.ipAt, info.ipLen)
  text(w, bytes, info.portsAt, info.portsLen)
  text(w, bytes, info.applicationNameAt, info.applicationNameLen)
  w.i16(info.serviceType)
  w.i32(info.pid)
  text(w, bytes, info.agentVersionAt, info.agentVersionLen)
  w.i64(info.startTimestampHi, info.startTimestampLo)
  w.i64(info.endTimestampHi, info.endTimestampLo)
  w.i32(info.endStatus)
  text(w, bytes, info.vmVersionAt, info.vmVersionLen)
  rows.endCell()

  if ((info.set & TAgentInfoBit.serverMetaData) !== 0) {
    beginColumn(rows, SERVER)
    writeServer(w, bytes, info.serverMetaData!)
    rows.endCell()
  }
  if ((info.set & TAgentInfoBit.jvmInfo) !== 0) {
    beginColumn(rows, JVM)
    writeJvm(w, bytes, info.jvmInfo!)
    rows.endCell()
  }
  rows.endRow()
}

function writeServer(w: RowWriter, bytes: Uint8Array, server: TServerMetaData): void {
  text2(w, bytes, server.serverInfoAt, server.serverInfoLen)
  writeTexts(w, bytes, server.vmArgsSlices, server.vmArgsCount)
  const services = (server.set & TServerMetaDataBit.serviceInfos) !== 0 ? server.serviceInfosCount : 0
  w.var32(services)
  for (let i = 0; i < services; i++) writeService(w, bytes, server.serviceInfos[i])
}

function writeService(w: RowWriter, bytes: Uint8Array, service: TServiceInfo): void {
  const at = w.beginSized()
  text2(w, bytes, service.serviceNameAt, service.serviceNameLen)
  writeTexts(w, bytes, service.serviceLibsSlices, service.serviceLibsCount)
  w.endSized(at)
}

function writeTexts(w: RowWriter, bytes: Uint8Array, slices: number[], count: number): void {
  w.var32(Math.max(0, count))
  for (let i = 0; i < count; i++) w.p2str(bytes, slices[2 * i], slices[2 * i + 1])
}

function writeJvm(w: RowWriter, bytes: Uint8Array, jvm: TJvmInfo): void {
  if (jvm.version < 0 || jvm.version > 255) throw new RowError('bad_jvm_info', `TJvmInfo of version ${jvm.version}`)
  w.i8(jvm.version)
  if (jvm.version !== 0) return
  w.pstr(bytes, jvm.vmVersionAt, jvm.vmVersionLen)
  const name = gcTypeName(jvm.gcType)
  w.pbytes(name, 0, name.length)
}

import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'

// The messages of idl/hbase.proto, read once at start. Field names are in camel case; a field that is absent on the wire
// is undefined, a repeated one is []. Bytes are views of what was decoded.

/** 64 bits, handed back as they came. */
export type Opaque64 = number | { toNumber(): number }

export interface Codec<T> {
  encode(message: T): Buffer
  decode(bytes: Uint8Array): T
}

export interface ServerName {
  hostName: string
  port?: number
  startCode?: Opaque64
}

export interface TableName {
  namespace: Uint8Array
  qualifier: Uint8Array
}

export interface RegionInfo {
  regionId: Opaque64
  tableName: TableName
  startKey?: Buffer
  endKey?: Buffer
  offline?: boolean
  split?: boolean
  replicaId?: number
}

export interface RegionSpecifier {
  type: number
  value: Uint8Array
}

export interface ScanSpec {
  column?: { family: Uint8Array }[]
  startRow?: Uint8Array
  stopRow?: Uint8Array
  maxVersions?: number
  cacheBlocks?: boolean
  maxResultSize?: number
  reversed?: boolean
  caching?: number
}

export interface ScanRequest {
  region?: RegionSpecifier
  scan?: ScanSpec
  scannerId?: Opaque64
  numberOfRows?: number
  closeScanner?: boolean
  nextCallSeq?: number
  clientHandlesHeartbeats?: boolean
}

export interface ProtoCell {
  row?: Buffer
  family?: Buffer
  qualifier?: Buffer
  timestamp?: Opaque64
  value?: Buffer
}

export interface ScanResponse {
  cellsPerResult: number[]
  scannerId?: Opaque64
  moreResults?: boolean
  results: { cell: ProtoCell[] }[]
  moreResultsInRegion?: boolean
  heartbeatMessage?: boolean
}

export interface MultiGetRequest {
  regionAction: {
    region: RegionSpecifier
    action: { index: number; get: { row: Uint8Array; column: { family: Uint8Array }[] } }[]
  }[]
}

/** The cells of results stand in the cell block, in the order of the results. */
export interface MultiGetResponse {
  regionActionResult: {
    resultOrException: { index?: number; result?: { associatedCellCount?: number }; exception?: { name: string } }[]
  }[]
}

export interface BytesPair {
  first: Uint8Array
  second: Uint8Array
}

export interface TableSchema {
  tableName?: TableName
  columnFamilies: { name: Uint8Array; attributes: BytesPair[] }[]
}

export interface ResponseHeader {
  callId?: number
  exception?: { exceptionClassName?: string; stackTrace?: string; doNotRetry?: boolean }
  cellBlockMeta?: { length?: number }
}

export interface ConnectionHeader {
  userInfo: { effectiveUser: string }
  serviceName: string
  cellBlockCodecClass: string
}

export interface CreateTableRequest {
  tableSchema: TableSchema
  splitKeys: Uint8Array[]
  nonceGroup?: number
  nonce?: number
}

export interface ProcedureResult {
  state: number
  exception?: { genericException?: { className?: string; message?: string } }
}

// dist/src/store/hbase/proto.js → the package root
const file = new URL('../../../../idl/hbase.proto', import.meta.url)
const root = protobuf.parse(readFileSync(file, 'utf8')).root.resolveAll()

function codec<T extends object>(name: string): Codec<T> {
  const type = root.lookupType(name)
  return {
    encode: (message) => type.encode(message as Record<string, unknown>).finish() as Buffer,
    decode: (bytes) => type.toObject(type.decode(bytes), { arrays: true }) as T,
  }
}

export const connectionHeader = codec<ConnectionHeader>('ConnectionHeader')
export const responseHeader = codec<ResponseHeader>('ResponseHeader')
export const metaRegionServer = codec<{ server: ServerName; state?: number }>('MetaRegionServer')
export const masterNode = codec<{ master: ServerName }>('Master')
export const regionInfo = codec<RegionInfo>('RegionInfo')
export const scanRequest = codec<ScanRequest>('ScanRequest')
export const scanResponse = codec<ScanResponse>('ScanResponse')
export const multiGetRequest = codec<MultiGetRequest>('MultiGetRequest')
export const multiGetResponse = codec<MultiGetResponse>('MultiResponse')
export const createTableRequest = codec<CreateTableRequest>('CreateTableRequest')
export const createTableResponse = codec<{ procId?: Opaque64 }>('CreateTableResponse')
export const procedureRequest = codec<{ procId: Opaque64 }>('GetProcedureResultRequest')
export const procedureResponse = codec<ProcedureResult>('GetProcedureResultResponse')
export const descriptorsRequest = codec<{ tableNames: TableName[] }>('GetTableDescriptorsRequest')
export const descriptorsResponse = codec<{ tableSchema: TableSchema[] }>('GetTableDescriptorsResponse')

/** The number behind 64 bits; exact below 2^53. */
export function toNumber(v: Opaque64 | undefined): number {
  if (v === undefined) return 0
  return typeof v === 'number' ? v : v.toNumber()
}

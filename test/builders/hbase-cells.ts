import { masterNode, metaRegionServer, regionInfo } from '../../src/store/hbase/proto.js'
import type { FakeRegion } from './fake-hbase.js'

export interface PlainBlockCell {
  row: Buffer
  family: string
  qualifier: string
  value: Buffer
  timestamp?: bigint
}

/** A cell as KeyValueCodec writes it. */
export function encodeCell({ row, family, qualifier, value, timestamp = 1n }: PlainBlockCell): Buffer {
  const key = Buffer.alloc(2 + row.length + 1 + family.length + qualifier.length + 9)
  key.writeUInt16BE(row.length)
  row.copy(key, 2)
  key[2 + row.length] = family.length
  key.write(family + qualifier, 3 + row.length, 'latin1')
  key.writeBigInt64BE(timestamp, key.length - 9)
  key[key.length - 1] = 4
  const lengths = Buffer.alloc(12)
  lengths.writeUInt32BE(8 + key.length + value.length)
  lengths.writeUInt32BE(key.length, 4)
  lengths.writeUInt32BE(value.length, 8)
  return Buffer.concat([lengths, key, value])
}

const PBUF = Buffer.from('PBUF')

/** What the node meta-region-server holds. */
export function metaServerNode(host: string, port: number): Buffer {
  return node(metaRegionServer.encode({ server: { hostName: host, port, startCode: 7 }, state: 3 }))
}

/** What the node master holds. */
export function masterServerNode(host: string, port: number): Buffer {
  return node(masterNode.encode({ master: { hostName: host, port, startCode: 7 } }))
}

function node(message: Buffer): Buffer {
  const id = Buffer.from('master:1')
  const head = Buffer.alloc(5)
  head[0] = 0xff
  head.writeUInt32BE(id.length, 1)
  return Buffer.concat([head, id, PBUF, message])
}

/** A row of hbase:meta. */
export function metaRowCells(region: FakeRegion, name: string, port: number): PlainBlockCell[] {
  const row = Buffer.from(name, 'latin1')
  const info = regionInfo.encode({
    regionId: region.id,
    tableName: { namespace: Buffer.from('default'), qualifier: Buffer.from(region.table) },
    startKey: Buffer.from(region.start, 'latin1'),
    endKey: Buffer.from(region.end, 'latin1'),
    offline: false,
    split: false,
    replicaId: 0,
  })
  const cell = (qualifier: string, value: Buffer): PlainBlockCell => ({ row, family: 'info', qualifier, value })
  const code = Buffer.alloc(8)
  code.writeBigInt64BE(7n)
  return [
    cell('regioninfo', Buffer.concat([PBUF, info])),
    cell('server', Buffer.from(`127.0.0.1:${port}`)),
    cell('serverstartcode', code),
  ]
}

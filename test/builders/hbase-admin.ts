import protobuf from 'protobufjs'
import { ClusterLocation } from '../../src/store/hbase/cluster-location.js'
import { ConnectionPool } from '../../src/store/hbase/connection-pool.js'
import { MetaReader } from '../../src/store/hbase/meta-reader.js'
import type { Region } from '../../src/store/hbase/region.js'
import type { Service } from '../../src/store/hbase/rpc-frame.js'

// The part of HBase's Master.proto that moves and splits regions.
const root = protobuf.parse(`
syntax = "proto2";
message TableName { required bytes namespace = 1; required bytes qualifier = 2; }
message RegionInfo {
  required uint64 region_id = 1;
  required TableName table_name = 2;
  optional bytes start_key = 3;
  optional bytes end_key = 4;
  optional bool offline = 5;
  optional bool split = 6;
  optional int32 replica_id = 7;
}
message RegionSpecifier { required uint32 type = 1; required bytes value = 2; }
message ServerName { required string host_name = 1; optional uint32 port = 2; optional uint64 start_code = 3; }
message MoveRegionRequest { required RegionSpecifier region = 1; optional ServerName dest_server_name = 2; }
message SplitRegionRequest { required RegionSpecifier region = 1; optional bytes split_point = 2; }
message SplitTableRegionRequest { required RegionInfo region_info = 1; required bytes split_row = 2; }
`).root

const OPTIONS = {
  user: 'test',
  connectTimeoutMs: 5000,
  idleTimeoutMs: 60_000,
  stallMs: 60_000,
  maxAnswerBytes: 64e6,
}

/** Moves and splits regions of a real cluster. */
export class HbaseAdmin {
  private readonly connections = new ConnectionPool(OPTIONS)
  private readonly location: ClusterLocation
  private readonly meta: MetaReader

  constructor(quorum: string) {
    this.location = new ClusterLocation(quorum, '/hbase', 5000)
    this.meta = new MetaReader(this.location, this.connections, 5000)
  }

  async regions(table: string): Promise<Region[]> {
    return (await this.meta.regionsOf(table)).map((row) => row.region).filter((region) => region !== null)
  }

  /** Whether each region of a table is on a server that has its session: without it, one answers that is dead to all others. */
  async isServed(table: string): Promise<boolean> {
    const regions = await this.meta.regionsOf(table)
    if (regions.some(({ region }) => region === null)) return false
    const servers = new Map(regions.map(({ region }) => [region!.server, region!]))
    const alive = await Promise.all([...servers.values()].map((server) => this.location.isAlive(server)))
    return alive.every((is) => is)
  }

  /** To the server of another region, or else to any other server. */
  move(region: Region, to?: Region): Promise<void> {
    const encoded = /\.([0-9a-f]{32})\.$/.exec(region.name.toString('latin1'))?.[1] ?? ''
    return this.ask('MoveRegion', 'MoveRegionRequest', {
      region: { type: 2, value: Buffer.from(encoded) },
      ...(to && { destServerName: { hostName: to.host, port: to.port, startCode: to.startCode } }),
    })
  }

  /** HBase 1 splits on the region's server, without a word from the master. */
  async splitOnServer(region: Region, at: Buffer): Promise<void> {
    const param = root
      .lookupType('SplitRegionRequest')
      .encode({ region: { type: 1, value: region.name }, splitPoint: at })
      .finish()
    await this.connections.get(region, 'AdminService' as string as Service).call('SplitRegion', param, 60_000)
  }

  split(region: Region, at: Buffer): Promise<void> {
    const id = Number(/,(\d+)\.[0-9a-f]{32}\.$/.exec(region.name.toString('latin1'))?.[1])
    return this.ask('SplitRegion', 'SplitTableRegionRequest', {
      regionInfo: {
        regionId: id,
        tableName: { namespace: Buffer.from('default'), qualifier: Buffer.from(region.table) },
        startKey: region.start,
        endKey: region.end,
        offline: false,
        split: false,
        replicaId: 0,
      },
      splitRow: at,
    })
  }

  private async ask(method: string, type: string, message: object): Promise<void> {
    const param = root.lookupType(type).encode(message).finish()
    await this.connections.get(await this.location.master(), 'MasterService').call(method, param, 60_000)
  }

  close(): void {
    this.connections.close()
  }
}

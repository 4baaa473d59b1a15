import { type BlockCell, CellBlockReader } from '../../src/store/hbase/cell-block.js'
import { scanRequest, scanResponse } from '../../src/store/hbase/proto.js'
import { type FakeAnswer, type FakeCall, FakeRegionServer } from './fake-region-server.js'
import { FakeZookeeper } from './fake-zookeeper.js'
import { encodeCell, masterServerNode, metaRowCells, metaServerNode } from './hbase-cells.js'
import {
  decode,
  encode,
  javaException,
  type MultiRequest,
  type Mutation,
  type RegionActionResult,
} from './hbase-proto.js'

export interface FakeRegion {
  table: string
  start: string
  end: string
  server: number
  id: number
}

/** One action as a test sees it. */
export interface FakeAction {
  server: number
  table: string
  row: string
  mutation: Mutation
  cells: BlockCell[]
}

export const PUT = 2

/** A cluster of fake region servers that keeps what it is given; hooks make it misbehave. */
export class FakeHbase {
  readonly zookeeper = new FakeZookeeper()
  readonly servers: FakeRegionServer[]
  readonly regions: FakeRegion[] = []
  /** "table row family:qualifier" → value in hex, or a counter */
  readonly cells = new Map<string, string | bigint>()
  readonly timestamps = new Map<string, number>()
  readonly actions: FakeAction[] = []
  /** method names, by server */
  readonly calls: { server: number; method: string }[] = []
  private readonly nonces = new Set<string>()
  quorum = ''
  /** before a call is worked on: an answer here is sent instead */
  onCall: (call: FakeCall, server: number) => FakeAnswer | undefined | Promise<FakeAnswer | undefined> = () => undefined
  /** after it: may replace the answer */
  onAnswer: (call: FakeCall, server: number, answer: FakeAnswer) => FakeAnswer = (_c, _s, answer) => answer
  /** Java class to fail this action with */
  onAction: (action: FakeAction) => string | undefined = () => undefined

  constructor(servers = 1) {
    this.servers = Array.from({ length: servers }, (_, i) => new FakeRegionServer((call) => this.handle(call, i)))
  }

  async start(): Promise<this> {
    this.quorum = await this.zookeeper.start()
    for (const server of this.servers) {
      await server.start()
      this.zookeeper.nodes.set(sessionNode(server.port), Buffer.alloc(0))
    }
    this.zookeeper.nodes.set('/hbase/rs', Buffer.alloc(0))
    this.zookeeper.nodes.set('/hbase/master', masterServerNode('127.0.0.1', 1))
    this.zookeeper.nodes.set('/hbase/meta-region-server', metaServerNode('127.0.0.1', this.servers[0].port))
    return this
  }

  async stop(): Promise<void> {
    await this.zookeeper.stop()
    for (const server of this.servers) await server.stop()
  }

  /** The server is dead to the cluster, but may go on answering. */
  endSession(server: number): void {
    this.zookeeper.nodes.delete(sessionNode(this.servers[server].port))
  }

  addTable(table: string, ...splits: string[]): void {
    const edges = ['', ...splits, '']
    for (let i = 0; i + 1 < edges.length; i++) {
      const server = i % this.servers.length
      this.regions.push({ table, start: edges[i], end: edges[i + 1], server, id: 1 })
    }
  }

  private async handle(call: FakeCall, server: number): Promise<FakeAnswer> {
    this.calls.push({ server, method: call.method })
    const instead = await this.onCall(call, server)
    if (instead !== undefined) return instead
    if (call.method === 'Scan') return this.scanMeta(call)
    if (call.method === 'Multi') return this.onAnswer(call, server, this.multi(call, server))
    return { exception: { exceptionClassName: 'java.lang.UnsupportedOperationException', stackTrace: call.method } }
  }

  private multi(call: FakeCall, server: number): FakeAnswer {
    const request = decode<MultiRequest>('MultiRequest', call.param)
    const cells = new CellBlockReader(call.cells)
    const regionActionResult = request.regionAction.map(({ region, action }): RegionActionResult => {
      const found = this.regions.find((r) => regionName(r) === region.value.toString('latin1'))
      const taken = action.map(({ index, mutation }) => ({
        index,
        mutation,
        cells: Array.from({ length: mutation.associatedCellCount }, () => cells.next()),
      }))
      if (found === undefined || found.server !== server)
        return { exception: javaException('NotServingRegionException') }
      return {
        resultOrException: taken.map(({ index, mutation, cells: own }) => {
          const one = { server, table: found.table, row: own[0].row.toString('latin1'), mutation, cells: own }
          this.actions.push(one)
          const failure = this.onAction(one)
          if (failure !== undefined) return { index, exception: javaException(failure) }
          this.apply(one, request.nonceGroup ?? 0)
          return { index, result: {} }
        }),
      }
    })
    if (!cells.atEnd) throw new Error('cells that no action has')
    return { param: encode('MultiResponse', { regionActionResult, processed: true }) }
  }

  private apply({ table, row, mutation, cells }: FakeAction, nonceGroup: number): void {
    if (mutation.mutateType !== PUT) {
      const nonce = `${nonceGroup} ${mutation.nonce}`
      if (this.nonces.has(nonce)) return
      this.nonces.add(nonce)
    }
    for (const cell of cells) {
      const key = `${table} ${row} ${cell.family}:${cell.qualifier.toString('latin1')}`
      if (mutation.mutateType === PUT) {
        this.cells.set(key, cell.value.toString('hex'))
        this.timestamps.set(key, cell.timestamp)
      } else this.cells.set(key, BigInt(this.cells.get(key) ?? 0n) + cell.value.readBigInt64BE())
    }
  }

  private scanMeta(call: FakeCall): FakeAnswer {
    const { scan, numberOfRows = 1 } = scanRequest.decode(call.param)
    if (scan === undefined) return { param: scanResponse.encode({ cellsPerResult: [], results: [] }) }
    const start = Buffer.from(scan.startRow ?? '').toString('latin1')
    const stop = Buffer.from(scan.stopRow ?? '').toString('latin1')
    const order = scan.reversed ? -1 : 1
    const rows = this.regions
      .map((region) => ({ region, name: regionName(region) }))
      .filter(({ name }) => compareMeta(name, start) * order >= 0 && compareMeta(name, stop) * order < 0)
      .sort((a, b) => compareMeta(a.name, b.name) * order)
      .slice(0, numberOfRows)
    const cells = rows.map(({ region, name }) => metaRowCells(region, name, this.servers[region.server].port))
    return {
      param: scanResponse.encode({
        cellsPerResult: cells.map((c) => c.length),
        results: [],
        moreResults: true,
        moreResultsInRegion: false,
        scannerId: 1,
      }),
      cells: Buffer.concat(cells.flat().map(encodeCell)),
    }
  }
}

function sessionNode(port: number): string {
  return `/hbase/rs/127.0.0.1,${port},7`
}

export function regionName(r: FakeRegion): string {
  return `${r.table},${r.start},${r.id}.x.`
}

/** hbase:meta sorts by table, start key, time. */
function compareMeta(a: string, b: string): number {
  const split = (s: string): string[] => {
    const first = s.indexOf(',')
    const last = s.lastIndexOf(',')
    return [s.slice(0, first), s.slice(first + 1, last), s.slice(last + 1)]
  }
  const x = split(a)
  const y = split(b)
  for (let i = 0; i < 3; i++) if (x[i] !== y[i]) return x[i] < y[i] ? -1 : 1
  return 0
}

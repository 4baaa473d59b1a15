import { randomInt } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { IncrementBatch } from '../../aggregate/increment-batch.js'
import { backoff } from '../../batch/backoff.js'
import { messageOf, StoreError } from '../../errors.js'
import type { RowBatch } from '../../row/row-batch.js'
import { TABLES, type Table } from '../../row/tables.js'
import type {
  IncrementId,
  ReadOptions,
  Refusal,
  ScanRange,
  Store,
  StoredRow,
  StoreHealth,
  UnsaltedRange,
} from '../store.js'
import { ClusterHealth, type TableProblem } from './cluster-health.js'
import { ClusterLocation } from './cluster-location.js'
import { ConnectionPool } from './connection-pool.js'
import { FlowControl } from './flow-control.js'
import { Master } from './master.js'
import { MetaCache } from './meta-cache.js'
import { MetaReader } from './meta-reader.js'
import { incrementRows, putRows } from './mutation-rows.js'
import { RowWriter } from './row-writer.js'
import type { RpcConnection } from './rpc-connection.js'
import { compareSchema } from './schema.js'
import { type FullSettings, fullSettings, type HbaseStoreSettings } from './settings.js'
import { TableReader } from './table-reader.js'
import { scanUnsalted } from './unsalted-scan.js'

const MAX_ANSWER_BYTES = 256 * 1024 * 1024
const MAX_RANDOM = 2 ** 47
/** Tables that are made at the same time. */
const CREATED_TOGETHER = 4
/** ms for all regions of a new table to be on a server. */
const ONLINE_TIMEOUT_MS = 60_000
const FIRST_KEY = Buffer.from([0])
const POLL = { retryInitialMs: 50, retryMaxMs: 500 }

/** The tables in Apache HBase 1.2 to 2.x, through its own RPC. */
export class HbaseStore implements Store {
  readonly kind = 'hbase'
  private readonly settings: FullSettings
  private readonly closing = new AbortController()
  private readonly connections: ConnectionPool
  private readonly flow: FlowControl
  private readonly location: ClusterLocation
  private readonly metaReader: MetaReader
  private readonly meta: MetaCache
  private readonly writer: RowWriter
  private readonly reader: TableReader
  private readonly master: Master
  private readonly nonceGroup = randomInt(1, MAX_RANDOM)
  private nonce = randomInt(1, MAX_RANDOM)
  private readonly clusterHealth: ClusterHealth

  constructor(settings: HbaseStoreSettings) {
    this.settings = fullSettings(settings)
    const { quorum, znodeParent, metaTimeoutMs } = this.settings
    const { signal } = this.closing
    setMaxListeners(0, signal) // one for each row or batch that waits for its next attempt
    const options = { ...this.settings, maxAnswerBytes: MAX_ANSWER_BYTES }
    this.connections = new ConnectionPool(options, (connection) => this.isAlive(connection))
    this.flow = new FlowControl(this.settings)
    this.location = new ClusterLocation(quorum, znodeParent, metaTimeoutMs)
    this.metaReader = new MetaReader(this.location, this.connections, metaTimeoutMs)
    this.meta = new MetaCache(this.metaReader)
    this.writer = new RowWriter(this.settings, this.meta, this.connections, this.flow, signal)
    this.reader = new TableReader(this.settings, this.meta, this.connections, signal)
    this.master = new Master(this.settings, this.location, this.connections, signal)
    this.clusterHealth = new ClusterHealth(quorum, this, () => this.details())
  }

  put(batch: RowBatch): Promise<Refusal[]> {
    return this.writer.put(putRows(batch))
  }

  increment(batch: IncrementBatch, id?: IncrementId): Promise<Refusal[]> {
    const { group, first, sentAt } = id ?? { group: this.nonceGroup, first: this.nonce, sentAt: 0 }
    if (id === undefined) this.nonce += batch.length
    return this.writer.increment(incrementRows(batch, { group, first }), sentAt === 0 ? null : Date.now() - sentAt)
  }

  get(table: Table, key: Uint8Array): Promise<StoredRow | undefined> {
    return this.reader.get(table, key)
  }

  getAll(table: Table, keys: readonly Uint8Array[], options?: ReadOptions): Promise<(StoredRow | undefined)[]> {
    return this.reader.getAll(table, keys, options)
  }

  scan(table: Table, range?: ScanRange): AsyncIterable<StoredRow> {
    return this.reader.scan(table, range)
  }

  scanUnsalted(table: Table, range: UnsaltedRange): AsyncIterable<StoredRow[]> {
    return scanUnsalted(table, range, (salted) => this.reader.pages(table, salted))
  }

  async ensureTables(progress: (step: string) => void = () => {}): Promise<void> {
    const found = await this.master.describe(TABLES)
    const missing = TABLES.filter((t) => !found.has(t.name))
    const createNext = async (): Promise<void> => {
      for (let table = missing.shift(); table !== undefined; table = missing.shift()) await this.create(table, progress)
    }
    await Promise.all(Array.from({ length: CREATED_TOGETHER }, createNext))
  }

  private async create(table: Table, progress: (step: string) => void): Promise<void> {
    const ttl = this.ttlOf(table)
    const regions = this.settings.splitTables ? table.splits + 1 : 1
    progress(`creating ${table.name}: ${regions} ${regions === 1 ? 'region' : 'regions'}, TTL ${ttl} s`)
    await this.master.create(table, ttl, this.nonceGroup, this.nonce++)
    await this.online(table)
  }

  private ttlOf(table: Table): number {
    return this.settings.ttlSeconds[table.name] ?? table.ttl
  }

  /** Waits until each region of a table has a server. */
  private async online(table: Table): Promise<void> {
    const deadline = performance.now() + ONLINE_TIMEOUT_MS
    for (let attempt = 0; ; attempt++) {
      const rows = await this.metaReader.regionsOf(table.name)
      if (rows.length > 0 && rows.every((row) => row.region !== null)) return
      if (performance.now() > deadline) {
        throw new StoreError(
          'timeout',
          `the regions of ${table.name} are not on a server yet; look at HBase's master`,
          true,
        )
      }
      await backoff(attempt, POLL, this.closing.signal)
    }
  }

  /** What is missing or wrong, by table name. */
  async checkTables(): Promise<TableProblem[]> {
    const found = await this.master.describe(TABLES)
    const problems: TableProblem[] = []
    for (const table of TABLES) {
      const problem = compareSchema(table, this.ttlOf(table), found.get(table.name))
      if (problem !== null) problems.push({ name: table.name, ...problem })
    }
    return problems
  }

  health(): Promise<StoreHealth> {
    return this.clusterHealth.health()
  }

  /** Names of tables of which hbase:meta has no region. */
  async unknownTables(): Promise<string[]> {
    const first = await Promise.all(TABLES.map(({ name }) => this.metaReader.regionOf(name, FIRST_KEY)))
    return TABLES.filter((_, i) => first[i] === undefined).map((table) => table.name)
  }

  /** What is on its way, for /debug/pipeline. */
  details(): Record<string, unknown> {
    const { connections, flow } = this
    return { callsWaiting: connections.callsWaiting(), windows: flow.windows(), inFlightBytes: flow.inFlightBytes }
  }

  /** What cannot be found out counts as alive: without ZooKeeper nobody loses a session. */
  private async isAlive(connection: RpcConnection): Promise<boolean> {
    const { address, where } = connection
    try {
      if (await this.location.isAlive(address)) return true
    } catch (error) {
      this.settings.log('warn', `${where} is silent, and ZooKeeper cannot be asked for it: ${messageOf(error)}`)
      return true
    }
    this.settings.log('warn', `${where} has lost its session with ZooKeeper: waiting for its regions to be elsewhere`)
    this.meta.bury(where, address.startCode)
    return false
  }

  async close(): Promise<void> {
    this.closing.abort()
    this.connections.close()
  }
}

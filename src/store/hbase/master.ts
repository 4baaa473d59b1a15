import { backoff } from '../../batch/backoff.js'
import { StoreError } from '../../errors.js'
import type { Table } from '../../row/tables.js'
import { CallFailure } from './call-failure.js'
import type { ClusterLocation } from './cluster-location.js'
import type { ConnectionPool } from './connection-pool.js'
import {
  type Codec,
  createTableRequest,
  createTableResponse,
  descriptorsRequest,
  descriptorsResponse,
  type Opaque64,
  procedureRequest,
  procedureResponse,
  type TableSchema,
} from './proto.js'
import { splitKeys, tableName, tableSchema } from './schema.js'
import type { FullSettings } from './settings.js'

const RUNNING = 1
/** ms between two looks at what is being made. */
const POLL = { retryInitialMs: 50, retryMaxMs: 500 }
/** ms that a table may take to be made. */
const CREATE_TIMEOUT_MS = 120_000

/** What we ask of HBase's master. */
export class Master {
  constructor(
    private readonly settings: FullSettings,
    private readonly location: ClusterLocation,
    private readonly connections: ConnectionPool,
    private readonly closing: AbortSignal,
  ) {}

  /** By table name; tables that do not exist are absent. */
  async describe(tables: readonly Table[]): Promise<Map<string, TableSchema>> {
    const names = { tableNames: tables.map((t) => tableName(t.name)) }
    const answer = await this.call('GetTableDescriptors', descriptorsRequest.encode(names), descriptorsResponse)
    const found = new Map<string, TableSchema>()
    for (const schema of answer.tableSchema) {
      if (schema.tableName !== undefined) found.set(Buffer.from(schema.tableName.qualifier).toString(), schema)
    }
    return found
  }

  /** Creates a table and waits for it; one that exists already is no failure. */
  async create(table: Table, ttlSeconds: number, nonceGroup: number, nonce: number): Promise<void> {
    const request = createTableRequest.encode({
      tableSchema: tableSchema(table, ttlSeconds),
      splitKeys: this.settings.splitTables ? splitKeys(table) : [],
      nonceGroup,
      nonce,
    })
    try {
      const { procId } = await this.call('CreateTable', request, createTableResponse)
      if (procId !== undefined) await this.finished(table, procId)
    } catch (error) {
      if (!(error instanceof CallFailure) || !ALREADY_THERE.test(error.message)) throw error
    }
  }

  private async finished(table: Table, procId: Opaque64): Promise<void> {
    const deadline = performance.now() + CREATE_TIMEOUT_MS
    for (let attempt = 0; ; attempt++) {
      const request = procedureRequest.encode({ procId })
      const { state, exception } = await this.call('getProcedureResult', request, procedureResponse)
      const failure = exception?.genericException
      if (failure !== undefined) {
        throw new CallFailure('permanent', 'create_failed', `${table.name}: ${failure.className}: ${failure.message}`)
      }
      if (state !== RUNNING) return
      if (performance.now() > deadline)
        throw new StoreError('timeout', `HBase did not make ${table.name} in time`, true)
      await backoff(attempt, POLL, this.closing)
    }
  }

  /** Tried again while the master is starting, moving or away. */
  private async call<T>(method: string, request: Buffer, response: Codec<T>): Promise<T> {
    const deadline = performance.now() + this.settings.writeTimeoutMs
    for (let attempt = 0; ; attempt++) {
      try {
        const connection = this.connections.get(await this.location.master(), 'MasterService')
        const answer = await connection.call(method, request, this.settings.callTimeoutMs)
        return response.decode(answer.param)
      } catch (error) {
        const again = error instanceof CallFailure && error.kind !== 'permanent' && !ALREADY_THERE.test(error.message)
        if (this.closing.aborted || !again || performance.now() > deadline) throw error
        await backoff(attempt, this.settings, this.closing)
      }
    }
  }
}

const ALREADY_THERE = /TableExistsException/

import { Writable } from 'node:stream'
import type { Io } from '../../../src/cli/io.js'
import { createLogger } from '../../../src/log.js'
import type { Table } from '../../../src/row/tables.js'
import type { ScanRange, Store, StoredRow, StoreHealth } from '../../../src/store/store.js'

/** A stream that keeps what is written to it. */
export class Sink extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

/** A store with rows by table name, in the order given. */
export class FakeStore implements Store {
  readonly kind = 'embedded'
  rows: Record<string, StoredRow[]> = {}
  answer: StoreHealth = { ok: true }
  steps: string[] = []
  closed = 0
  scanned = 0

  put(): Promise<[]> {
    return Promise.resolve([])
  }

  increment(): Promise<[]> {
    return Promise.resolve([])
  }

  getAll(): Promise<[]> {
    return Promise.resolve([])
  }

  async *scanUnsalted(): AsyncGenerator<StoredRow[]> {}

  get(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  async *scan(table: Table, _range?: ScanRange): AsyncIterable<StoredRow> {
    for (const row of this.rows[table.name] ?? []) {
      this.scanned++
      yield row
    }
  }

  async ensureTables(progress?: (step: string) => void): Promise<void> {
    for (const step of this.steps) progress?.(step)
  }

  health(): Promise<StoreHealth> {
    return Promise.resolve(this.answer)
  }

  async close(): Promise<void> {
    this.closed++
  }
}

export interface FakeIo extends Io {
  stdout: Writable
  stderr: Sink
  log: Sink
  store: FakeStore
  opened: { mode: string; dataDir: string }[]
}

export function fakeIo(replaced: Partial<Io> = {}): FakeIo {
  const store = new FakeStore()
  const log = new Sink()
  const opened: FakeIo['opened'] = []
  return {
    stdout: new Sink(),
    environment: {},
    logger: (settings) => createLogger(settings.logLevel, log),
    openStore: async (settings, mode) => {
      opened.push({ mode, dataDir: settings.dataDir })
      return store
    },
    startCollector: async () => {},
    startBroker: async () => {},
    startWeb: async () => {},
    ...replaced,
    stderr: new Sink(),
    log,
    store,
    opened,
  }
}

import type { IncrementBatch } from '../../src/aggregate/increment-batch.js'
import type { PlainRow, RowBatch } from '../../src/row/row-batch.js'
import type { IncrementId, Refusal, Store, StoredRow, StoreHealth } from '../../src/store/store.js'

export type Answer = Refusal[] | Promise<Refusal[]>

/** What a store has been given, and answers as a test wants: throw for a failure. */
export class FakeStore implements Store {
  readonly kind = 'null'
  /** rows and counters that were acknowledged */
  readonly rows: PlainRow[] = []
  readonly increments: IncrementBatch = []
  /** by call of increment() */
  readonly ids: (IncrementId | undefined)[] = []
  /** message types by call of put() */
  readonly puts: number[][] = []
  incrementCalls = 0
  onPut: (batch: RowBatch, call: number) => Answer = () => []
  onIncrement: (batch: IncrementBatch, call: number) => Answer = () => []

  async put(batch: RowBatch): Promise<Refusal[]> {
    this.puts.push([...batch.messageTypes])
    const refusals = await this.onPut(batch, this.puts.length - 1)
    this.rows.push(...accepted(batch.plain(), refusals))
    return refusals
  }

  async increment(batch: IncrementBatch, id?: IncrementId): Promise<Refusal[]> {
    this.ids.push(id)
    const refusals = await this.onIncrement(batch, this.incrementCalls++)
    this.increments.push(...accepted(batch, refusals))
    return refusals
  }

  async get(): Promise<StoredRow | undefined> {
    return undefined
  }

  async getAll(): Promise<(StoredRow | undefined)[]> {
    return []
  }

  async *scan(): AsyncGenerator<StoredRow> {}

  async *scanUnsalted(): AsyncGenerator<StoredRow[]> {}

  async ensureTables(): Promise<void> {}

  async health(): Promise<StoreHealth> {
    return { ok: true }
  }

  async close(): Promise<void> {}
}

function accepted<T>(all: readonly T[], refusals: readonly Refusal[]): T[] {
  const refused = new Set(refusals.map((r) => r.row))
  return all.filter((_, i) => !refused.has(i))
}

/** A promise that a test settles when it wants. */
export interface Gate {
  readonly passed: Promise<Refusal[]>
  open(refusals?: Refusal[]): void
  fail(error: Error): void
}

export function gate(): Gate {
  let open: Gate['open'] = () => {}
  let fail: Gate['fail'] = () => {}
  const passed = new Promise<Refusal[]>((resolve, reject) => {
    open = (refusals = []) => resolve(refusals)
    fail = reject
  })
  return { passed, open, fail }
}

/** Lets everything run that is ready to run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

import { TABLES, type Table } from '../../src/row/tables.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import { splitKeys } from '../../src/store/hbase/schema.js'
import { eventually } from './collector.js'
import { HbaseAdmin } from './hbase-admin.js'

const PATIENCE_MS = 900_000
/** Asks again soon, so that the moment of the first answer is known. */
const IMPATIENT = {
  callTimeoutMs: 1_000,
  metaTimeoutMs: 1_000,
  stallMs: 500,
  retryInitialMs: 50,
  retryMaxMs: 200,
  writeTimeoutMs: PATIENCE_MS,
}

/** One key in each region that the schema makes. */
export class RegionKeys {
  private readonly keys: [Table, Buffer][] = TABLES.flatMap((t) =>
    [Buffer.from([0]), ...splitKeys(t)].map((key): [Table, Buffer] => [t, key]),
  )

  constructor(private readonly quorum: string) {}

  /** Reads in all regions, by a client of its own that knows nothing yet, until servers answer that the cluster counts on. */
  async allAnswer(): Promise<void> {
    await eventually(async () => (await this.answer()) && (await this.allServed()), PATIENCE_MS)
  }

  private async answer(): Promise<boolean> {
    const store = new HbaseStore({ quorum: this.quorum, ...IMPATIENT })
    try {
      await Promise.all(this.keys.map(([t, key]) => store.get(t, key)))
      return true
    } finally {
      await store.close()
    }
  }

  private async allServed(): Promise<boolean> {
    const admin = new HbaseAdmin(this.quorum)
    try {
      return (await Promise.all(TABLES.map(({ name }) => admin.isServed(name)))).every((is) => is)
    } catch {
      return false
    } finally {
      admin.close()
    }
  }
}

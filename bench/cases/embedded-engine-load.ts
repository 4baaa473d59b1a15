import type { RowBatch } from '../../src/row/row-batch.js'
import { type Table, table } from '../../src/row/tables.js'

// The load of the engine comparison: batches of Traces rows (41 byte keys: salt, agent, start time, sequence) of 200 B
// to 3 KB, a third of it text, and some rows of ApplicationTraceIndex.

const AGENTS = 100
const INDEX_SHARE = 0.2
const START = 1_795_400_000_000
const MESSAGE = 40
const MESSAGE_BYTES = 1 << 24
const TEXT_SHARE = 0.35
const WORDS = (
  'SELECT id, name, price FROM product WHERE category = ? ORDER BY com.example.shop.service.OrderService.findOrders ' +
  'http://inventory.internal:8080/stock org.apache.http.impl.client.CloseableHttpClient.execute /api/v2/orders/'
)
  .split(' ')
  .map((w) => Buffer.from(w))

/** Fills batches with rows that look like those of 100 agents. The same seed gives the same rows. */
export class Load {
  private seed = 12345
  private readonly sequences = new Array<number>(AGENTS).fill(0)
  private readonly traces: Table = table('Traces')
  private readonly index: Table = table('ApplicationTraceIndex')
  private time = START

  private next(): number {
    this.seed = (Math.imul(this.seed, 1103515245) + 12345) & 0x7fffffff
    return this.seed / 0x80000000
  }

  /** @param tick number of the batch: 50 ms each */
  fill(batch: RowBatch, rows: number, tick: number): void {
    batch.reset()
    this.time = START + tick * 50
    for (let i = 0; i < rows; i++) {
      batch.beginMessage(MESSAGE, this.time, MESSAGE_BYTES)
      const agent = Math.floor(this.next() * AGENTS)
      if (this.next() < INDEX_SHARE) this.indexRow(batch, agent, i)
      else this.traceRow(batch, agent)
    }
  }

  private traceRow(batch: RowBatch, agent: number): void {
    batch.beginRow(this.traces)
    this.name(batch, `agent-${agent}-prod`)
    this.long(batch, START - agent * 1000)
    this.long(batch, this.sequences[agent]++)
    batch.endKey()
    this.cell(batch, 200 + Math.floor(this.next() * 2800))
    batch.endRow()
  }

  private indexRow(batch: RowBatch, agent: number, i: number): void {
    batch.beginRow(this.index)
    this.name(batch, `shop-${agent % 10}`)
    const time = this.time + (i % 50)
    batch.w.rev64(Math.floor(time / 2 ** 32), time | 0)
    batch.endKey()
    this.cell(batch, 60)
    batch.endRow()
  }

  private name(batch: RowBatch, name: string): void {
    const bytes = Buffer.from(name)
    batch.w.pad(bytes, 0, bytes.length, 24)
  }

  private long(batch: RowBatch, value: number): void {
    batch.w.i64(Math.floor(value / 2 ** 32), value | 0)
  }

  private cell(batch: RowBatch, bytes: number): void {
    const w = batch.w
    batch.beginCell(0)
    w.i64(this.next() * 0x7fffffff, this.next() * 0x7fffffff)
    batch.beginValue()
    const end = w.len + bytes
    while (w.len < end) {
      if (this.next() < TEXT_SHARE) {
        const word = WORDS[Math.floor(this.next() * WORDS.length)]
        w.raw(word, 0, Math.min(word.length, end - w.len))
      } else {
        w.var32(Math.floor(this.next() * 100_000))
      }
    }
    batch.endCell()
  }
}

import t from 'tap'
import { HeldBatches } from '../../../src/batch/held-batches.js'
import { RowBatch } from '../../../src/row/row-batch.js'

const BATCH_BYTES = 1000
const IN_QUEUE = 5

/** So many empty batches were kept; they are taken out and handed back. */
function kept(held: HeldBatches, known: Set<RowBatch>): number {
  const taken = Array.from({ length: 2 * IN_QUEUE }, () => held.empty())
  const old = taken.filter((batch) => known.has(batch))
  for (const batch of old) held.reuse(batch)
  return old.length
}

function filled(): { held: HeldBatches; known: Set<RowBatch> } {
  const held = new HeldBatches(BATCH_BYTES, IN_QUEUE * BATCH_BYTES)
  const known = new Set(Array.from({ length: 2 * IN_QUEUE }, () => held.empty()))
  for (const batch of known) held.reuse(batch)
  return { held, known }
}

t.test('as many empty batches are kept as may wait, while some wait', async (t) => {
  const { held, known } = filled()
  t.equal(kept(held, known), IN_QUEUE)
  held.push(new RowBatch())
  for (let i = 0; i < IN_QUEUE; i++) held.shrink()
  t.equal(kept(held, known), IN_QUEUE)
})

t.test('when none waits, all but two are let go one by one', async (t) => {
  const { held, known } = filled()
  held.shrink()
  t.equal(kept(held, known), IN_QUEUE - 1)
  for (let i = 0; i < 2 * IN_QUEUE; i++) held.shrink()
  t.equal(kept(held, known), 2)
})

t.test('batches that are large when they are full are kept, though their buffers began smaller', async (t) => {
  const bytes = 32 * 1024 * 1024
  const held = new HeldBatches(bytes, 2 * bytes)
  const full = held.empty()
  full.w.ensure(bytes)
  held.reuse(full)
  t.equal(held.empty(), full)
})

t.test('a batch whose buffer has grown large is not kept, though nothing stands in it any more', async (t) => {
  const held = new HeldBatches(BATCH_BYTES, IN_QUEUE * BATCH_BYTES)
  const grown = held.empty()
  grown.w.ensure(1024 * 1024)
  held.reuse(grown)
  t.not(held.empty(), grown)
})

// The process that spill-kill9.test.ts kills: a pipeline whose store is away, and that says what is on disk.

import { ROOT_SPAN } from '../../../builders/pipeline-messages.js'
import { give, spillingPipeline } from '../../../builders/spill.js'

const p = await spillingPipeline(process.argv[2], { maxBytes: 1 << 30, segmentBytes: 4096 })
p.store.onPut = () => new Promise(() => {})
p.store.onIncrement = () => new Promise(() => {})
p.batcher.start()
p.flusher.start()
for (let n = 0; ; n++) {
  give(p, n)
  if (n % 10 === 0) p.give('TSpan', ROOT_SPAN)
  if (n % 20 !== 19) continue
  await new Promise(setImmediate)
  const { counts } = p.accounting
  const inMemory = p.counters.size > 0 ? -1 : counts.taken
  // what waits in memory when the number goes out is on disk one batch later
  process.stdout.write(`${p.batcher.bytes === 0 ? n + 1 : -1} ${inMemory}\n`)
}

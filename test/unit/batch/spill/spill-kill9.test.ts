import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { balanced, spillDirectory, spillingPipeline, stored } from '../../../builders/spill.js'

const CHILD = fileURLToPath(new URL('./spill-child.js', import.meta.url))
const SECONDS = 10_000

t.test('kill -9 while spilling: what was on disk is written by the next process, once', async (t) => {
  const dir = spillDirectory()
  let least = 0
  let leastCounts = 0
  for (const lines of [20, 55, 90]) {
    const child = spawn(process.execPath, [CHILD, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
    let seen = 0
    let onDisk = 0
    let countsOnDisk = 0
    for await (const line of createInterface({ input: child.stdout })) {
      const [messages, counts] = line.split(' ').map(Number)
      onDisk = Math.max(onDisk, messages)
      countsOnDisk = Math.max(countsOnDisk, counts)
      if (++seen >= lines && onDisk > 0 && countsOnDisk > 0) break
    }
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    least += onDisk
    leastCounts += countsOnDisk
  }
  const p = await spillingPipeline(dir, { maxBytes: 1 << 30 })
  const { recovered, counts } = p.accounting
  t.ok(recovered >= least, `${recovered} recovered, ${least} were on disk`)
  t.ok(counts.recovered >= leastCounts, `${counts.recovered} counts, ${leastCounts} were on disk`)
  p.batcher.start()
  p.flusher.start()
  while (!p.spill!.empty) await new Promise(setImmediate)
  await Promise.all([p.batcher.close(SECONDS), p.flusher.close(SECONDS)])
  await p.spill!.close()
  t.equal(p.accounting.inFlight, 0)
  t.ok(balanced(p))
  t.equal(p.store.puts.flat().length, recovered)
  const delta = p.store.increments.flatMap((row) => row.columns).reduce((sum, column) => sum + column.delta, 0)
  t.strictSame([delta, counts.stored], [counts.recovered, counts.recovered])
  t.ok(stored(p).length > 0)
})

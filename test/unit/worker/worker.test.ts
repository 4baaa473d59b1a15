import t from 'tap'
import { Accounting } from '../../../src/accounting.js'
import { defaultSettings } from '../../../src/config/settings.js'
import { createLogger } from '../../../src/log.js'
import { StoreFigures } from '../../../src/store/store-figures.js'
import { Worker } from '../../../src/worker/worker.js'
import { FakeStore } from '../../builders/pipeline-store.js'

t.test('a worker tells what it is asked for, and no more', async (t) => {
  const accounting = new Accounting()
  const figures = new StoreFigures(accounting)
  const worker = new Worker(defaultSettings({}), new FakeStore(), accounting, figures, createLogger('silent'), 1)
  figures.called('rs1', 'Multi', 0.5, true)
  t.strictSame(await worker.report('health'), { storeFailure: null })
  t.strictSame(await worker.report('agents'), { traffic: [] })
  const { metrics, ...messages } = await worker.report('metrics')
  t.strictSame(messages, { messagesInFlight: 0, messagesOnDisk: 0 })
  const names = metrics.map((m) => m.name)
  t.ok(names.includes('pinpoint_queue_bytes'))
  t.ok(names.includes('process_cpu_seconds_total'))
  const pipeline = await worker.report('pipeline')
  t.strictSame(pipeline.slowest, { rs1: 0.5 })
  t.strictSame(
    pipeline.metrics.map((m) => m.name).filter((name) => !name.startsWith('pinpoint_')),
    [],
    'figures of the process, which cost most, are of the metrics page only',
  )
})

import t from 'tap'
import { Collector, eventually, temporaryDirectory } from '../builders/collector.js'
import { KillRange } from '../builders/load-killed.js'

const SHOTS = [
  { workers: 1, extraMs: 7 },
  { workers: 2, extraMs: 31 },
  { workers: 1, extraMs: 0 },
]
const HANDLES = ['TCPSocketWrap', 'TCPServerWrap', 'UDPWrap', 'ProcessWrap']

t.test('kill -9 under load: what was acknowledged is there, and the store opens', async (t) => {
  const dataDir = temporaryDirectory()
  const range = new KillRange()
  for (const shot of SHOTS) {
    const found = await range.shoot({ ...shot, dataDir, spanRate: 500, acknowledgements: 200 })
    t.ok(found.acknowledged >= 200, `${found.acknowledged} metadata acknowledged`)
    t.equal(found.missing, 0, 'all of them are stored')
    t.ok(found.spansStored > 0, `${found.spansStored} spans called stored`)
    t.ok(found.spanRows >= found.spansStored, `${found.spanRows} are`)
  }
  t.same(range.agent.refused, [])

  const last = await Collector.start({ workers: 1, dataDir })
  t.same(await last.stop(), { code: 0, signal: null }, 'the store opens for writing, and closes')
  t.same(
    last.log.filter((line) => line.level === 'error' || line.level === 'fatal'),
    [],
  )
})

t.test('no open handle is left', async (t) => {
  const open = (): string[] => process.getActiveResourcesInfo().filter((name) => HANDLES.includes(name))
  await eventually(() => open().length === 0, 5_000)
  t.same(open(), [])
})

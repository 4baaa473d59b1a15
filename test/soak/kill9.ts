// Does kill -9 under load cost anything that was acknowledged? Again and again on one store, which is read after each.
import { Collector, temporaryDirectory } from '../builders/collector.js'
import { KillRange, type Shot } from '../builders/load-killed.js'
import { random } from '../builders/thrift-random.js'
import { conclude, sizes } from './report.js'

const { kills, workers, spans, acks, seed } = sizes('kill9: kill -9 under load', {
  kills: [20, 'how often'],
  workers: [2, 'worker processes'],
  spans: [1_000, 'spans a second'],
  acks: [300, 'metadata acknowledged before each kill'],
  seed: [9, 'of the moments of the kills'],
})

const dataDir = temporaryDirectory()
const range = new KillRange()
const r = random(seed)
const shots: Shot[] = []
for (let n = 1; n <= kills; n++) {
  const shot = await range.shoot({ workers, dataDir, spanRate: spans, acknowledgements: acks, extraMs: r.below(500) })
  shots.push(shot)
  console.log(
    `kill ${n}: ready after ${Math.round(shot.readyMs)} ms; ${shot.acknowledged} acknowledged, ${shot.missing} missing; ${shot.spansStored} spans called stored, ${shot.spanRows} there`,
  )
}
const last = await Collector.start({ workers, dataDir })
const exit = await last.stop()

const missing = Math.max(...shots.map((s) => s.missing))
const short = shots.filter((s) => s.spanRows < s.spansStored).length
const complaints = last.log.filter((line) => line.level === 'error' || line.level === 'fatal').length
conclude([
  { what: 'store opened', found: `${shots.length} of ${kills} times`, ok: shots.length === kills },
  {
    what: 'acknowledged metadata',
    found: `${missing} missing of ${shots[shots.length - 1].acknowledged}`,
    ok: missing === 0,
  },
  { what: 'spans called stored', found: `too few after ${short} kills`, ok: short === 0 },
  { what: 'refused metadata', found: String(range.agent.refused.length), ok: range.agent.refused.length === 0 },
  {
    what: 'start and stop at the end',
    found: `exit ${exit.code}, ${complaints} errors`,
    ok: exit.code === 0 && complaints === 0,
  },
])

// Does kill -9 in the middle of many calls cost the broker anything that it acknowledged? Again and again on one state.
import { BrokerRange, type BrokerShot } from '../builders/broker-killed.js'
import { temporaryDirectory } from '../builders/collector.js'
import { conclude, sizes } from './report.js'

const { kills, calls } = sizes('broker-kill9: kill -9 while the platform calls', {
  kills: [10, 'how often'],
  calls: [1_000, 'calls to each, killed at about half'],
})

const range = new BrokerRange(temporaryDirectory())
const shots: BrokerShot[] = []
for (let n = 1; n <= kills; n++) {
  const began = performance.now()
  const shot = await range.shoot(calls)
  shots.push(shot)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(
    `kill ${n}: ${shot.acknowledged} acknowledged, ${shot.unanswered} unanswered, ${shot.wrong.length} wrong after it (${seconds} s)`,
  )
}
const acknowledged = shots.reduce((sum, s) => sum + s.acknowledged, 0)
const wrong = shots.flatMap((s) => s.wrong)
const unanswered = shots.filter((s) => s.unanswered > 0).length
conclude([
  { what: 'kills that hit calls under way', found: `${unanswered} of ${kills}`, ok: unanswered === kills },
  {
    what: 'acknowledged calls',
    found: `${acknowledged}, ${wrong.length} of them lost or undone`,
    ok: wrong.length === 0,
  },
])

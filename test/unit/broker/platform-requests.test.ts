import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Call, call, testBroker } from '../../builders/broker.js'

// Calls in the form of three platforms (Open Service Broker API 2.17 and its profile; operations.md §9), each in its order.

interface Recorded extends Call {
  what: string
  status: number
  /** the least that the answer must hold */
  answer: object
}

const FILE = new URL('../../../../test/wire/broker-platform.json', import.meta.url)
const platforms = JSON.parse(readFileSync(FILE, 'utf8')) as { platform: string; calls: Recorded[] }[]

for (const { platform, calls } of platforms) {
  t.test(platform, async (t) => {
    const { server } = testBroker()
    for (const { what, status, answer, ...made } of calls) {
      const given = await call(server, made)
      t.equal(given.status, status, what)
      t.match(given.body, answer, what)
      if (Object.keys(answer).length === 0) t.same(given.body, {}, what)
    }
  })
}

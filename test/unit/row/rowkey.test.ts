import t from 'tap'
import { saltedKey, saltPrefix } from '../../../src/row/rowkey.js'
import { TABLES, table } from '../../../src/row/tables.js'
import { bytes, long, pad24, rev } from '../../builders/rows.js'
import { random } from '../../builders/thrift-random.js'

// The worked examples of storage.md §1.2.

const AGENT_START = 1499999000000
const SLOT = 1500000000000
const FRONT_1 = pad24('front-1')

function prefix(tableName: string, key: string): string {
  const bytesOfKey = bytes(key)
  const salt = table(tableName).salt!
  const found = saltPrefix(salt, bytesOfKey, 0, bytesOfKey.length)
  // the same key inside a larger buffer
  const larger = Buffer.concat([bytes('80ff7f'), bytesOfKey, bytes('80ff7f')])
  if (saltPrefix(salt, larger, 3, 3 + bytesOfKey.length) !== found) throw new Error('depends on what stands around')
  return found.toString(16).padStart(2, '0')
}

/** Row of a statistics table. */
function statisticsKey(name: string, slot: number): string {
  const text = Buffer.from(name)
  return `${text.length.toString(16).padStart(4, '0')}${text.toString('hex')}03f2${rev(slot)}`
}

t.test('the whole key of a transaction is hashed, with the absolute value', async (t) => {
  const prefixes = [0, 1, 2, 3, 42, 1000].map((n) => prefix('Traces', FRONT_1 + long(AGENT_START) + long(n)))
  t.strictSame(prefixes, ['05', '06', '07', '08', '2f', '0a'])
  const index = [1500000012345, 1500000012346, 1500000012347]
  const indexed = index.map((time) => prefix('ApplicationTraceIndex', pad24('FRONT') + rev(time)))
  t.strictSame(indexed, ['0e', '0f', '10'])
})

t.test('a range of a statistics key is hashed, with the sign masked', async (t) => {
  const cases: [name: string, slot: number, calls: string, self: string][] = [
    ['FRONT', SLOT, '15', '05'],
    ['FRONT', SLOT + 60_000, '1e', '06'],
    ['서비스', SLOT, '1c', '04'],
    ['ABCDEFGHIJKLMNOPQRSTUVWX', SLOT, '17', '00'],
  ]
  for (const [name, slot, calls, self] of cases) {
    const key = statisticsKey(name, slot)
    t.equal(prefix('ApplicationMapStatisticsCallee_Ver2', key), calls, name)
    t.equal(prefix('ApplicationMapStatisticsCaller_Ver2', key), calls, name)
    t.equal(prefix('ApplicationMapStatisticsSelf_Ver2', key), self, name)
  }
})

t.test('behind the range nothing changes the prefix', async (t) => {
  const long24 = 'ABCDEFGHIJKLMNOPQRSTUVWX'
  const self = [SLOT, SLOT + 60_000].map((slot) =>
    prefix('ApplicationMapStatisticsSelf_Ver2', statisticsKey(long24, slot)),
  )
  t.strictSame(self, ['00', '00'])
  const long36 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  for (const name of ['ApplicationMapStatisticsCallee_Ver2', 'ApplicationMapStatisticsSelf_Ver2']) {
    t.equal(prefix(name, statisticsKey(long36, SLOT)), prefix(name, statisticsKey(long36, SLOT + 60_000)))
  }
})

t.test('any key of any table has the prefix that bigint arithmetic gives', async (t) => {
  const r = random(3)
  for (const { name, salt } of TABLES) {
    if (salt === null) continue
    for (let i = 0; i < 300; i++) {
      const key = Buffer.from(Array.from({ length: r.below(60) }, () => r.below(256)))
      const hashed = salt.hash === 'range' ? key.subarray(0, salt.end) : key
      let h = 1n
      for (const b of hashed) h = BigInt.asIntN(32, 31n * h + BigInt.asIntN(8, BigInt(b)))
      const positive = salt.hash === 'range' ? h & 0x7fffffffn : h < 0n ? -h : h
      const expected = positive === 2n ** 31n ? 0n : positive % BigInt(salt.buckets)
      const found = saltPrefix(salt, key, 0, key.length)
      if (found !== Number(expected)) t.equal(found, Number(expected), `${name} ${key.toString('hex')}`)
    }
  }
})

t.test('metadata and agent statistics', async (t) => {
  const run = FRONT_1 + rev(AGENT_START)
  for (const id of ['00000007', 'fffffff8', '00000000']) {
    t.equal(prefix('ApiMetaData', run + id), '03', 'the id is not hashed')
    t.equal(prefix('StringMetaData', run + id), '03', 'the id is not hashed')
  }
  t.equal(prefix('SqlMetaData_Ver2', `${run}00000007`), '0a', 'the id is hashed')
  t.equal(prefix('SqlMetaData_Ver2', `${run}00000009`), '0c')
  for (const time of [0, SLOT, SLOT + 5000]) t.equal(prefix('AgentStat', FRONT_1 + rev(time)), '14')
  t.equal(prefix('HostApplicationMap_Ver2', `${pad24('FRONT')}03f2${rev(SLOT)}`), '00')
})

t.test('the smallest hash has no absolute value, and prefix 0 either way', async (t) => {
  const key = smallestHash()
  const buckets = 2 ** 31 - 1
  t.equal(saltPrefix({ hash: 'range', end: 24, buckets }, key, 0, key.length), 0)
  t.equal(saltPrefix({ hash: 'whole', end: 0, buckets }, key, 0, key.length), 0)
})

/** A key whose hash is -2^31: the last bytes are chosen so that each leaves the next a remainder within a signed byte. */
function smallestHash(): Uint8Array {
  const wanted = -(2 ** 31) - 31 ** 7
  const key = new Uint8Array(7)
  let left = wanted
  for (let i = 6; i >= 0; i--) {
    const b = ((((left + 15) % 31) + 31) % 31) - 15
    key[i] = i === 0 ? left : b
    left = (left - b) / 31
  }
  return key
}

t.test('a salted key has its prefix in front, and an unsalted table no prefix', async (t) => {
  const key = bytes(FRONT_1 + rev(SLOT))
  t.strictSame(Buffer.from(saltedKey(table('AgentStat').salt, key)), Buffer.concat([bytes('14'), key]))
  t.equal(saltedKey(table('AgentEvent').salt, key), key)
})

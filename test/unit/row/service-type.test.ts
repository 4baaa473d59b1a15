import { readFileSync } from 'node:fs'
import t from 'tap'
import { histogramSlot, recordsStatistics, resolveServiceType, UNDEFINED } from '../../../src/row/service-type.js'

const TOMCAT = 1010
const MEMCACHED = 8050

t.test('slots of both schemas, at their edges (storage.md §6.2)', async (t) => {
  const normal: [elapsed: number, slot: number, error: number][] = [
    [-5, 1000, -1000],
    [0, 1000, -1000],
    [1000, 1000, -1000],
    [1001, 3000, -3000],
    [3000, 3000, -3000],
    [3001, 5000, -5000],
    [5000, 5000, -5000],
    [5001, 0, -9999],
    [2147483647, 0, -9999],
  ]
  for (const [elapsed, slot, error] of normal) {
    for (const code of [TOMCAT, UNDEFINED, 9052, 2101]) {
      t.equal(histogramSlot(code, elapsed, false), slot, `${code}: ${elapsed} ms`)
      t.equal(histogramSlot(code, elapsed, true), error, `${code}: ${elapsed} ms with an error`)
    }
  }
  const fast: typeof normal = [
    [-2147483648, 100, -100],
    [100, 100, -100],
    [101, 300, -300],
    [300, 300, -300],
    [301, 500, -500],
    [500, 500, -500],
    [501, 0, -999],
  ]
  for (const [elapsed, slot, error] of fast) {
    t.equal(histogramSlot(MEMCACHED, elapsed, false), slot, `fast: ${elapsed} ms`)
    t.equal(histogramSlot(MEMCACHED, elapsed, true), error, `fast: ${elapsed} ms with an error`)
  }
})

t.test('the types of 1.5.2 are those of storage.md §6.1', async (t) => {
  const recorded = [
    1, 2, 3, 1000, 1005, 1010, 1030, 1100, 1110, 1210, 2051, 2101, 2151, 2201, 2301, 2401, 2501, 2601, 8050, 8100, 8200,
    9050, 9052, 9056, 9058, 9100, 9110,
  ]
  const silent = [
    -1, 5, 7, 100, 1011, 1031, 1101, 2050, 2100, 2150, 2200, 2300, 2400, 2500, 2600, 5000, 5010, 5011, 5012, 5050, 5051,
    5061, 5071, 5500, 5501, 5510, 6050, 8051, 8101, 8102, 9051, 9053, 9054, 9055, 9057, 9059, 9101,
  ]
  t.equal(recorded.length + silent.length, 64)
  for (const code of recorded) t.ok(recordsStatistics(code) && resolveServiceType(code) === code, String(code))
  for (const code of silent) t.ok(!recordsStatistics(code) && resolveServiceType(code) === code, String(code))
})

t.test('all types of the file are known, and no other', async (t) => {
  const file = new URL('../../../../idl/service-types.json', import.meta.url)
  const { serviceTypes } = JSON.parse(readFileSync(file, 'utf8')) as {
    serviceTypes: { code: number; schema: string }[]
  }
  const known = new Set(serviceTypes.map((t) => t.code))
  for (let code = -32768; code < 32768; code++) {
    const expected = known.has(code) ? code : UNDEFINED
    if (resolveServiceType(code) !== expected) t.equal(resolveServiceType(code), expected, String(code))
    if (!known.has(code) && recordsStatistics(code)) t.fail(`${code} is not counted`)
  }
  for (const { code, schema } of serviceTypes) {
    t.equal(schema, code >= 8000 && code < 9000 ? 'FAST' : 'NORMAL', `${code}: only caches are fast`)
  }
  t.equal(resolveServiceType(1999), UNDEFINED)
})

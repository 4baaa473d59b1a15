import t from 'tap'
import { table } from '../../../src/row/tables.js'
import { MetaCache, type RegionSource } from '../../../src/store/hbase/meta-cache.js'
import type { MetaRow } from '../../../src/store/hbase/meta-reader.js'
import { type Region, regionSpecifier } from '../../../src/store/hbase/region.js'
import { RegionMap } from '../../../src/store/hbase/region-map.js'

const TRACES = table('Traces').id

function region(start: string, end: string, server = 'a:1'): Region {
  const name = Buffer.from(`Traces,${start},1.x.`)
  const [host, port] = server.split(':')
  const place = { host, port: Number(port), server, startCode: 1 }
  return {
    table: 'Traces',
    name,
    start: Buffer.from(start),
    end: Buffer.from(end),
    ...place,
    specifier: regionSpecifier(name),
  }
}

const row = (r: Region): MetaRow => ({ start: r.start, end: r.end, region: r })

function found(map: { find: (b: Uint8Array, at: number, end: number) => Region | undefined }, key: string): string {
  const bytes = Buffer.from(`..${key}..`)
  const r = map.find(bytes, 2, bytes.length - 2)
  return r === undefined ? 'none' : `${r.start}-${r.end}`
}

t.test('a key is in the region that begins at or before it and does not end there', async (t) => {
  const map = new RegionMap()
  map.replace([region('m', 'p'), region('', 'c'), region('c', 'm'), region('t', '')])
  const keys = { '': '-c', b: '-c', bzzz: '-c', c: 'c-m', cc: 'c-m', m: 'm-p', p: 'none', s: 'none', t: 't-', zz: 't-' }
  for (const [key, at] of Object.entries(keys)) t.equal(found(map, key), at, `"${key}"`)
})

t.test('a new region takes the place of those that it overlaps', async (t) => {
  const map = new RegionMap()
  map.replace([region('', 'c'), region('c', 'm'), region('m', '')])
  map.add(region('c', 'g'))
  t.equal(found(map, 'd'), 'c-g')
  t.equal(found(map, 'h'), 'none', 'the other daughter is not known')
  map.add(region('', ''))
  t.equal(map.size, 1)
})

t.test('many who miss the same table wait for one lookup', async (t) => {
  let reads = 0
  const source: RegionSource = {
    regionOf: async () => null,
    regionsOf: async () => {
      reads++
      return [row(region('', ''))]
    },
  }
  const cache = new MetaCache(source)
  await Promise.all(Array.from({ length: 10 }, () => cache.load(TRACES, Buffer.from('x'))))
  t.equal(reads, 1)
})

t.test('one region that moved is looked up alone, many are read as a whole', async (t) => {
  const regions = ['', 'b', 'c', 'd', 'e', 'f'].map((start, i, all) => region(start, all[i + 1] ?? ''))
  const asked: string[] = []
  const source: RegionSource = {
    regionOf: async (_table, key) => {
      asked.push(Buffer.from(key).toString())
      return row(regions.findLast((r) => Buffer.compare(r.start, key) <= 0)!)
    },
    regionsOf: async () => {
      asked.push('all')
      return regions.map(row)
    },
  }
  const cache = new MetaCache(source)
  const find = (key: string): Region | undefined => cache.find(TRACES, Buffer.from(key), 0, key.length)
  await cache.load(TRACES, Buffer.from('c'))
  cache.invalidate(TRACES, find('c')!)
  t.equal(find('c'), undefined)
  await cache.load(TRACES, Buffer.from('c'))
  t.ok(find('c'))
  for (const key of ['b', 'd', 'e']) cache.invalidate(TRACES, find(key)!)
  await cache.load(TRACES, Buffer.from('d'))
  cache.invalidateServer('a:1')
  t.equal(find('f'), undefined)
  await cache.load(TRACES, Buffer.from('f'))
  t.strictSame(asked, ['all', 'c', 'all', 'all'])
})

t.test('a region in transition stays unknown, a table that is not there is an error for good', async (t) => {
  const away: MetaRow = { start: Buffer.alloc(0), end: Buffer.alloc(0), region: null }
  let rows: MetaRow[] = [away]
  const cache = new MetaCache({ regionOf: async () => away, regionsOf: async () => rows })
  await cache.load(TRACES, Buffer.from('x'))
  t.equal(cache.find(TRACES, Buffer.from('x'), 0, 1), undefined)
  rows = []
  const other = new MetaCache({ regionOf: async () => undefined, regionsOf: async () => rows })
  await t.rejects(other.load(TRACES, Buffer.from('x')), { code: 'STORE_NO_SUCH_TABLE', retriable: false })
})

import t from 'tap'
import { HostMapCache } from '../../../src/aggregate/host-map-cache.js'
import { CompactReader } from '../../../src/thrift/compact-reader.js'
import { encodeStruct } from '../../builders/thrift-encode.js'
import type { Plain } from '../../builders/thrift-idl.js'
import { newMessage, readMessage } from '../../builders/thrift-snapshot.js'

const MINUTE = 60_000
const SPAN: Plain = {
  applicationName: 'BACK',
  parentApplicationName: 'FRONT',
  parentApplicationType: 1010,
  acceptorHost: 'b:80',
}

function due(cache: HostMapCache, slot: number, change: Plain = {}, type = 1010): boolean {
  const bytes = encodeStruct('TSpan', { ...SPAN, ...change })
  const r = new CompactReader()
  r.reset(bytes, 0, bytes.length)
  const span = newMessage('TSpan')
  readMessage(r, 'TSpan', span)
  return cache.due(bytes, span, type, slot)
}

t.test('a mapping is due once a minute, and not for a minute that is past', async (t) => {
  const cache = new HostMapCache(10)
  const slots = [5, 5, 6, 6, 5, 8, 7, 8]
  t.strictSame(
    slots.map((n) => due(cache, n * MINUTE)),
    [true, false, true, false, false, true, false, false],
  )
})

t.test('each part of the mapping makes it another', async (t) => {
  const cache = new HostMapCache(10)
  t.ok(due(cache, MINUTE))
  const changes: Plain[] = [
    { applicationName: 'B' },
    { parentApplicationName: 'F' },
    { parentApplicationType: 1 },
    { acceptorHost: 'b' },
  ]
  for (const change of changes) {
    t.ok(due(cache, MINUTE, change), JSON.stringify(change))
    t.notOk(due(cache, MINUTE, change))
  }
  t.ok(due(cache, MINUTE, {}, 1011))
  t.ok(due(cache, MINUTE, { acceptorHost: 'b:80B', applicationName: 'ACK' }), 'where one ends counts')
  t.notOk(due(cache, MINUTE))
})

t.test('the bound is kept, and as many as it allows do not drive each other out', async (t) => {
  const cache = new HostMapCache(3)
  const hosts = ['a', 'b', 'c']
  t.strictSame(
    hosts.map((acceptorHost) => due(cache, MINUTE, { acceptorHost })),
    [true, true, true],
  )
  t.strictSame(
    hosts.map((acceptorHost) => due(cache, MINUTE, { acceptorHost })),
    [false, false, false],
  )
  t.ok(due(cache, MINUTE, { acceptorHost: 'd' }), 'one more: it starts anew')
  t.notOk(due(cache, MINUTE, { acceptorHost: 'd' }))
  t.ok(due(cache, MINUTE, { acceptorHost: 'a' }))
})

t.test('long names do not fill the memory', async (t) => {
  const cache = new HostMapCache(1_000_000)
  const long = 'x'.repeat(1_000_000)
  for (let i = 0; i < 17; i++) due(cache, MINUTE, { acceptorHost: `${i}${long}` })
  t.ok(due(cache, MINUTE, { acceptorHost: `0${long}` }), 'it started anew at 16 MB')
})

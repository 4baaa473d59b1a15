import t from 'tap'
import { BytesIndex, firstSlot, hashOf } from '../../../src/aggregate/bytes-index.js'
import { viewOf } from '../../../src/row/byte-view.js'
import { random } from '../../builders/thrift-random.js'

function write(index: BytesIndex, key: string): void {
  const bytes = Buffer.from(key, 'latin1')
  index.mark()
  index.w.raw(bytes, 0, bytes.length)
}

t.test('numbers random keys as a Map does', async (t) => {
  const r = random(11)
  const index = new BytesIndex()
  for (let round = 0; round < 3; round++) {
    const map = new Map<string, number>()
    let wrong = 0
    for (let i = 0; i < 20_000; i++) {
      // few different bytes, so that keys come again and are prefixes of each other
      const key = Array.from({ length: r.below(7) }, () => r.pick(['\0', '\x01', 'a', '\xff'])).join('')
      if (r.chance(0.3)) {
        write(index, key)
        if (index.find() !== (map.get(key) ?? -1)) wrong++
        continue
      }
      write(index, key)
      const entry = index.put()
      if (!map.has(key)) map.set(key, map.size)
      if (entry !== map.get(key)) wrong++
    }
    t.equal(wrong, 0)
    t.equal(index.size, map.size)
    t.equal(index.bytes, [...map.keys()].join('').length, 'keys looked up leave nothing behind')
    const keys = [...map.keys()]
    t.strictSame(
      keys.filter((key, i) => index.w.buf.toString('latin1', index.keyAt(i), index.keyEnd(i)) !== key),
      [],
    )
    index.clear()
    t.strictSame([index.size, index.bytes], [0, 0])
  }
})

t.test('the empty key is one key', async (t) => {
  const index = new BytesIndex()
  write(index, '')
  t.equal(index.find(), -1)
  for (const _ of [1, 2]) {
    write(index, '')
    t.equal(index.put(), 0)
  }
})

t.test('many and long keys', async (t) => {
  const index = new BytesIndex()
  for (let i = 0; i < 50_000; i++) {
    write(index, `${i}-${'x'.repeat(i % 50)}`)
    if (index.put() !== i) t.fail(`entry ${i}`)
  }
  for (let i = 0; i < 50_000; i += 7) {
    write(index, `${i}-${'x'.repeat(i % 50)}`)
    if (index.find() !== i) t.fail(`entry ${i}`)
  }
  write(index, 'z'.repeat(1_000_000))
  t.equal(index.put(), 50_000)
})

t.test('a key begun can be forgotten', async (t) => {
  const index = new BytesIndex()
  write(index, 'one')
  index.put()
  write(index, 'two')
  index.rewind()
  t.strictSame([index.size, index.bytes], [1, 3])
  write(index, 'three')
  t.equal(index.put(), 1)
})

// FNV-1a as it is published (offset basis 0x811c9dc5, prime 0x01000193)
function fnv(bytes: Uint8Array): number {
  return bytes.reduce((h, byte) => Math.imul(h ^ byte, 0x01000193), 0x811c9dc5 | 0)
}

t.test('names chosen to collide under plain FNV are spread over the slots', async (t) => {
  const mask = 1023
  const found: Buffer[] = []
  for (let i = 0; found.length < 500; i++) {
    const key = Buffer.from(`agent-${i.toString(36)}`)
    if (firstSlot(fnv(key), mask) === 7) found.push(key)
  }
  const keys = new Map<number, number>()
  for (const key of found) {
    const slot = firstSlot(hashOf(viewOf(key), 0, key.length), mask)
    keys.set(slot, (keys.get(slot) ?? 0) + 1)
  }
  // 500 random keys in 1024 slots fill 396 of them
  t.ok(keys.size > 300, `${keys.size} slots`)
  t.ok(Math.max(...keys.values()) < 20, 'no slot has many')
})

t.test('names that differ in one byte, wherever it stands, are spread over the slots', async (t) => {
  for (let place = 0; place < 12; place++) {
    const slots = new Set<number>()
    for (let byte = 0; byte < 256; byte++) {
      const key = Buffer.alloc(12, 'agent-000000')
      key[place] = byte
      slots.add(firstSlot(hashOf(viewOf(key), 0, key.length), 1023))
    }
    // 256 random keys in 1024 slots fill 227 of them
    t.ok(slots.size > 150, `byte ${place}: ${slots.size} slots`)
  }
})

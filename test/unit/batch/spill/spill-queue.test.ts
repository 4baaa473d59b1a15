import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { HEAD_BYTES, HEADER_BYTES, INCREMENT, MARK_AT } from '../../../../src/batch/spill/spill-record.js'
import { filesOf, fullDisk, openFiles, put, spillDirectory, spillQueue, takeAll } from '../../../builders/spill.js'

const SENT = { group: 1, first: 2, sentAt: 1234 }
const TEXTS = ['one', 'two and a half', '', 'four']

t.test('records come back in order, over segments, and the disk is empty then', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir, 1 << 20, 200)
  const texts = Array.from({ length: 50 }, (_, i) => `record number ${i}`)
  for (const text of texts) put(queue, text)
  t.ok(filesOf(dir).length > 5)
  t.equal(queue.unread, 50)
  t.equal(queue.unreadCount, texts.join('').length)
  t.equal(
    queue.bytes,
    filesOf(dir).reduce((n, file) => n + statSync(file).size, 0),
  )
  t.strictSame(await takeAll(queue), texts)
  t.strictSame([queue.unread, queue.unreadCount, queue.bytes, queue.empty, filesOf(dir)], [0, 0, 0, true, []])
  put(queue, 'again')
  t.strictSame(await takeAll(queue), ['again'])
  t.strictSame(queue.records, { written: 51, replayed: 51, dropped: 0 })
  await queue.close()
})

t.test('a next process goes on behind what is acknowledged', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir, 1 << 20, 100)
  for (let i = 0; i < 10; i++) put(queue, `record ${i}`)
  const taken = []
  for (let i = 0; i < 5; i++) taken.push((await queue.take())!)
  for (const i of [0, 1, 3]) queue.ack([taken[i].place])
  const next = spillQueue(dir)
  t.equal(next.queue.unread, 8, 'the third was not acknowledged, so that it and all behind it are there')
  put(next.queue, 'new')
  t.strictSame(await takeAll(next.queue), [...Array.from({ length: 8 }, (_, i) => `record ${i + 2}`), 'new'])
  t.strictSame([next.warnings, next.lost], [[], []])
  await queue.close()
  await next.queue.close()
})

t.test('a file that ends at any byte gives its whole records', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  for (const text of TEXTS) put(queue, text)
  const [file] = filesOf(dir)
  const bytes = readFileSync(file)
  await queue.close()
  for (let size = 0; size < bytes.length; size++) {
    const torn = spillDirectory()
    writeFileSync(join(torn, '000000000007.spill'), bytes.subarray(0, size))
    const { queue: next, lost } = spillQueue(torn)
    let at = HEADER_BYTES
    const whole = TEXTS.filter((text) => (at += HEAD_BYTES + text.length) <= size)
    put(next, 'new')
    t.strictSame([await takeAll(next), lost], [[...whole, 'new'], []], `${size} bytes`)
    await next.close()
  }
})

t.test('a damaged record is left out and counted, whatever byte it is', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  for (const text of TEXTS) put(queue, text)
  const [file] = filesOf(dir)
  await queue.close()
  const bytes = readFileSync(file)
  const secondAt = HEADER_BYTES + HEAD_BYTES + TEXTS[0].length
  const end = secondAt + HEAD_BYTES + TEXTS[1].length
  for (let at = secondAt; at < end; at++) {
    const copy = Buffer.from(bytes)
    copy[at] ^= 0x40
    const damaged = spillDirectory()
    writeFileSync(join(damaged, '000000000001.spill'), copy)
    const found = spillQueue(damaged)
    const texts = await takeAll(found.queue)
    const inHead = at < secondAt + HEAD_BYTES
    t.strictSame(texts, inHead ? [TEXTS[0]] : [TEXTS[0], TEXTS[2], TEXTS[3]], `byte ${at}`)
    t.strictSame(found.lost, inHead ? [] : [['damaged', TEXTS[1].length]])
    t.equal(found.warnings.length, 1)
    await found.queue.close()
  }
})

t.test('a head that is damaged while the process runs costs the rest of its file, counted', async (t) => {
  const dir = spillDirectory()
  const { queue, lost } = spillQueue(dir)
  for (const text of TEXTS) put(queue, text)
  const [file] = filesOf(dir)
  const bytes = readFileSync(file)
  bytes[HEADER_BYTES + HEAD_BYTES + TEXTS[0].length] ^= 1
  writeFileSync(file, bytes)
  t.strictSame(await takeAll(queue), ['one'])
  t.strictSame(lost, [['damaged', TEXTS[1].length + TEXTS[3].length]])
  t.ok(queue.empty)
  put(queue, 'new')
  t.strictSame(await takeAll(queue), ['new'])
  await queue.close()
})

t.test('a torn mark means from the beginning; a file of another kind is left alone', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  for (const text of TEXTS) put(queue, text)
  queue.ack([(await queue.take())!.place])
  const [file] = filesOf(dir)
  await queue.close()
  const bytes = readFileSync(file)
  bytes[10] ^= 1
  writeFileSync(file, bytes)
  writeFileSync(join(dir, '000000000009.spill'), 'something else entirely')
  const { queue: next, warnings } = spillQueue(dir)
  t.strictSame(await takeAll(next), TEXTS)
  t.equal(warnings.length, 1)
  t.match(warnings[0], /no spill of this version/)
  t.strictSame(filesOf(dir), [join(dir, '000000000009.spill')])
  await next.close()
})

t.test('the oldest go when there are too many bytes, and are counted', async (t) => {
  const dir = spillDirectory()
  const { queue, lost } = spillQueue(dir, 1000, 200)
  const texts = Array.from({ length: 100 }, (_, i) => `record ${String(i).padStart(3, '0')}`)
  for (const text of texts) {
    put(queue, text)
    t.ok(queue.bytes <= 1000)
  }
  const left = await takeAll(queue)
  t.strictSame(left, texts.slice(-left.length))
  t.ok(left.length >= 15)
  t.equal(
    lost.reduce((n, [, count]) => n + count, 0),
    (100 - left.length) * 10,
  )
  t.equal(queue.records.dropped, 100 - left.length)
  t.throws(() => put(queue, 'x'.repeat(1000)), /more than the spill may take/)
  await queue.close()
})

t.test('what the store has when its file is dropped is not counted as lost', async (t) => {
  const dir = spillDirectory()
  const { queue, lost } = spillQueue(dir, 400, 150)
  put(queue, 'taken')
  const taken = (await queue.take())!
  for (let i = 0; i < 20; i++) put(queue, `record ${i}`)
  queue.ack([taken.place])
  const left = await takeAll(queue)
  const dropped = lost.reduce((n, [, count]) => n + count, 0)
  t.equal(dropped + left.join('').length, Array.from({ length: 20 }, (_, i) => `record ${i}`).join('').length)
  t.ok(queue.empty)
  await queue.close()
})

t.test('files of other directories come behind the own', async (t) => {
  const [dir, other] = [spillDirectory(), spillDirectory()]
  const [own, orphan] = [spillQueue(dir), spillQueue(other)]
  put(own.queue, 'own')
  put(orphan.queue, 'done')
  put(orphan.queue, 'orphan')
  orphan.queue.ack([(await orphan.queue.take())!.place])
  await own.queue.close()
  await orphan.queue.close()
  const { queue } = spillQueue(dir, 1 << 20, 1 << 16, [other, join(other, 'absent')])
  put(queue, 'new')
  t.strictSame(filesOf(other), [])
  t.strictSame(await takeAll(queue), ['own', 'orphan', 'new'])
  await queue.close()
})

t.test('what was sent, and as what, survives the process, and only for the records it is of', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  queue.appendTaken(INCREMENT, 3, [Buffer.from('sent')], SENT)
  for (const text of ['not sent', 'neither', 'nor this']) put(queue, text)
  const next = spillQueue(dir)
  const first = (await next.queue.take())!
  const { at, end } = first.place
  t.equal(first.payload.toString(), 'sent')
  t.strictSame(next.queue.sentWith(first.place), { from: at, to: end, id: SENT })
  next.queue.ack([first.place])
  const [second, third] = [(await next.queue.take())!.place, (await next.queue.take())!.place]
  t.equal(next.queue.sentWith(second), null)
  const id = { group: 3, first: 4, sentAt: 99 }
  next.queue.sending([second, third], id)
  const last = spillQueue(dir)
  t.equal(last.queue.unread, 3)
  const sent = { from: second.at, to: third.end, id }
  for (const wanted of [sent, sent, null]) t.strictSame(last.queue.sentWith((await last.queue.take())!.place), wanted)
  next.queue.notSent(second)
  const again = spillQueue(dir)
  t.equal(again.queue.sentWith((await again.queue.take())!.place), null, 'taken back')
  next.queue.sending([second, third], id)
  next.queue.ack([second, third])
  const rest = spillQueue(dir)
  t.strictSame([rest.queue.unread, await takeAll(rest.queue)], [1, ['nor this']])
  for (const { queue: q } of [{ queue }, next, last, again, rest]) await q.close()
})

t.test('a process that died before it wrote what it was about to send leaves nothing', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  queue.appendTaken(INCREMENT, 3, [Buffer.from('sent')], SENT)
  const [file] = filesOf(dir)
  truncateSync(file, HEADER_BYTES)
  const next = spillQueue(dir)
  t.strictSame([next.queue.unread, filesOf(dir)], [0, []])
  await queue.close()
  await next.queue.close()
})

t.test('a disk that takes no record throws, and the next record stands in its place', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  put(queue, 'one')
  const free = fullDisk(dir, ['writeSync', 'writevSync'])
  t.teardown(free)
  for (let i = 0; i < 3; i++) t.throws(() => put(queue, 'lost'), { code: 'ENOSPC' })
  free()
  put(queue, 'two')
  t.equal(statSync(filesOf(dir)[0]).size, queue.bytes)
  t.strictSame(await takeAll(queue), ['one', 'two'])
  t.strictSame([queue.records.written, openFiles(dir), filesOf(dir)], [2, 0, []])
  await queue.close()
})

t.test('a disk that takes no new file: no file and no descriptor stays', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  const free = fullDisk(dir, ['writeSync'])
  t.teardown(free)
  for (let i = 0; i < 3; i++) t.throws(() => put(queue, 'lost'), { code: 'ENOSPC' })
  t.strictSame([filesOf(dir), openFiles(dir), queue.bytes, queue.empty], [[], 0, 0, true])
  free()
  const keep = fullDisk(dir, ['writeSync', 'unlinkSync'])
  t.teardown(keep)
  t.throws(() => put(queue, 'lost'), { code: 'ENOSPC' })
  keep()
  t.strictSame([filesOf(dir).length, openFiles(dir)], [1, 0], 'it cannot be removed, but is closed')
  put(queue, 'one')
  await queue.close()
  const next = spillQueue(dir)
  t.strictSame([filesOf(dir).length, next.warnings], [1, []], 'the next process removes it')
  t.strictSame(await takeAll(next.queue), ['one'])
  await next.queue.close()
})

t.test('a file that cannot be removed is closed nevertheless', async (t) => {
  const dir = spillDirectory()
  const { queue, warnings } = spillQueue(dir)
  put(queue, 'one')
  const free = fullDisk(dir, ['unlinkSync'])
  t.teardown(free)
  t.strictSame(await takeAll(queue), ['one'])
  free()
  t.match(warnings, [/cannot remove/])
  t.strictSame([openFiles(dir), queue.empty], [0, true])
  await queue.close()
  const next = spillQueue(dir)
  t.strictSame([next.queue.unread, filesOf(dir)], [0, []])
  await next.queue.close()
})

t.test('the disk does not take what the store has: what comes next was not sent', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  put(queue, 'before')
  t.strictSame((await queue.take())?.payload.toString(), 'before')
  const free = fullDisk(dir, ['writevSync'])
  t.teardown(free)
  t.throws(() => queue.appendTaken(INCREMENT, 4, [Buffer.from('sent')], SENT), { code: 'ENOSPC' })
  const [file] = filesOf(dir)
  t.same(readFileSync(file).readUInt32BE(MARK_AT), HEADER_BYTES, 'the mark is as it was')
  t.same(readFileSync(file).readUInt32BE(MARK_AT + 4), 0)
  free()
  put(queue, 'one')
  put(queue, 'two')
  const next = spillQueue(dir)
  for (const text of ['before', 'one', 'two']) {
    const record = (await next.queue.take())!
    t.strictSame([record.payload.toString(), next.queue.sentWith(record.place)], [text, null])
  }
  await queue.close()
  await next.queue.close()
})

t.test('a mark that cannot be taken back: its file is given up, even if it cannot be removed', async (t) => {
  for (const removable of [true, false]) {
    const dir = spillDirectory()
    const { queue } = spillQueue(dir)
    let marks = 0
    // of a new file: the header and the mark are written, the record is not, and the mark not again
    const free = fullDisk(dir, ['writeSync', 'writevSync', 'unlinkSync'], (call) => {
      if (call === 'writeSync') return ++marks > 2
      return call === 'writevSync' || !removable
    })
    t.teardown(free)
    t.throws(() => queue.appendTaken(INCREMENT, 4, [Buffer.from('sent')], SENT), { code: 'ENOSPC' })
    t.strictSame([filesOf(dir).length, openFiles(dir), queue.empty], [removable ? 0 : 1, 0, true])
    free()
    put(queue, 'one')
    put(queue, 'two')
    const next = spillQueue(dir)
    for (const text of ['one', 'two']) {
      const record = (await next.queue.take())!
      t.strictSame([record.payload.toString(), next.queue.sentWith(record.place)], [text, null])
    }
    t.equal(await next.queue.take(), null)
    await queue.close()
    await next.queue.close()
  }
})

t.test(
  'an acknowledgement that cannot be written: the process goes on, the next one sends under the same ID',
  async (t) => {
    const dir = spillDirectory()
    const { queue, warnings } = spillQueue(dir)
    for (const text of ['one', 'two', 'three']) put(queue, text)
    const [one, two] = [(await queue.take())!.place, (await queue.take())!.place]
    queue.sending([one], SENT)
    const free = fullDisk(dir, ['writeSync'])
    t.teardown(free)
    queue.ack([one])
    t.match(warnings, [/^spill ack: .*cannot be written down: ENOSPC/])
    const next = spillQueue(dir)
    const found = [(await next.queue.take())!.place, (await next.queue.take())!.place]
    t.strictSame(
      found.map((place) => next.queue.sentWith(place)),
      [{ from: one.at, to: one.end, id: SENT }, null],
    )
    t.throws(() => queue.sending([two], { group: 9, first: 9, sentAt: 9 }), { code: 'ENOSPC' })
    free()
    queue.notSent(two)
    const last = spillQueue(dir)
    const { place } = (await last.queue.take())!
    t.strictSame([place.at, last.queue.sentWith(place)], [two.at, null], 'the first is acknowledged by now')
    for (const { queue: q } of [{ queue }, next, last]) await q.close()
  },
)

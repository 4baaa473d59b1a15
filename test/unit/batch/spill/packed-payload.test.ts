import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { brotliCompressSync, brotliDecompressSync, constants, createBrotliCompress } from 'node:zlib'
import t from 'tap'
import { appendBatch, readBatches } from '../../../../src/batch/spill/batch-records.js'
import { MAX_PACKED_BYTES, pack, unpack } from '../../../../src/batch/spill/packed-payload.js'
import { HEAD_BYTES, HEADER_BYTES, PACKED, PUT, readHead } from '../../../../src/batch/spill/spill-record.js'
import { type PlainRow, RowBatch } from '../../../../src/row/row-batch.js'
import { readSession } from '../../../builders/load-session.js'
import { TraceStream } from '../../../builders/load-traces.js'
import { pipeline } from '../../../builders/pipeline.js'
import { away, filesOf, put, spillDirectory, spillingPipeline, spillQueue } from '../../../builders/spill.js'

const FROM = { address: '192.0.2.1' }
const NEVER = 3_600_000
const SECONDS = 10_000
const MIB = 1024 * 1024
const PIECE = Buffer.alloc(MIB)
const stream = new TraceStream([readSession('1.5.2'), readSession('1.8.5')])

/** Rows of so many recorded spans and chunks. */
function recordedBatch(messages: number): RowBatch {
  const { batcher, dispatcher } = pipeline()
  for (let i = 0; i < messages; i++) dispatcher.datagram('span', stream.take(), FROM)
  return batcher.open
}

function kinds(file: string): number[] {
  const bytes = readFileSync(file)
  const found: number[] = []
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const head = readHead(bytes.subarray(at, at + HEAD_BYTES))!
    found.push(head.kind)
    at += HEAD_BYTES + head.length
  }
  return found
}

function packed(bytes: number, content: Buffer): Buffer {
  const count = Buffer.alloc(4)
  count.writeUInt32BE(bytes)
  return Buffer.concat([count, content])
}

/** So many zeros, compressed, without having them all in memory. */
function zeros(bytes: number): Promise<Buffer> {
  const pieces = Array.from({ length: bytes / MIB }, () => PIECE)
  return buffer(Readable.from(pieces).pipe(createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })))
}

t.test('recorded rows take a quarter of their bytes or less, and come back the same', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  const batch = recordedBatch(200)
  const rows = batch.plain()
  appendBatch(queue, batch, true)
  t.ok(queue.bytes < batch.bytes / 4, `${batch.bytes} bytes take ${queue.bytes}`)
  t.equal(queue.bytes, readFileSync(filesOf(dir)[0]).length, 'what is counted is what is on disk')
  const next = spillQueue(dir)
  const back = new RowBatch()
  next.queue.ack(await readBatches(next.queue, back, 1))
  t.strictSame([back.plain(), back.messageTypes], [rows, batch.messageTypes])
  t.ok(next.queue.empty)
  await queue.close()
  await next.queue.close()
})

t.test('packed and plain records keep their order, also while more are written', async (t) => {
  const dir = spillDirectory()
  const { queue, lost } = spillQueue(dir, 1 << 22, 1 << 14)
  const wanted: PlainRow[] = []
  const found: PlainRow[] = []
  const write = (n: number): void => {
    const batch = recordedBatch(1 + (n % 7) * 10)
    wanted.push(...batch.plain())
    appendBatch(queue, batch, n % 3 > 0)
  }
  for (let n = 0; n < 10; n++) write(n)
  for (let n = 10; n < 40 || queue.unread > 0; n++) {
    const back = new RowBatch()
    const reading = readBatches(queue, back, 15_000)
    if (n < 40) write(n)
    queue.ack(await reading)
    found.push(...back.plain())
  }
  t.strictSame(found, wanted)
  t.strictSame([lost, queue.records, queue.bytes], [[], { written: 40, replayed: 40, dropped: 0 }, 0])
  await queue.close()
})

t.test('a damaged packed record is left out and counted, whatever byte it is', async (t) => {
  const dir = spillDirectory()
  const { queue } = spillQueue(dir)
  const batch = recordedBatch(20)
  put(queue, 'one')
  appendBatch(queue, batch, true)
  const end = queue.bytes
  put(queue, 'three')
  const [file] = filesOf(dir)
  const bytes = readFileSync(file)
  await queue.close()
  t.strictSame(kinds(file), [PUT, PUT | PACKED, PUT])
  for (let at = HEADER_BYTES + HEAD_BYTES + 'one'.length + HEAD_BYTES; at < end; at += at < 200 ? 1 : 97) {
    const damaged = spillDirectory()
    const copy = Buffer.from(bytes)
    copy[at] ^= 0x40
    writeFileSync(join(damaged, '000000000001.spill'), copy)
    const found = spillQueue(damaged)
    const texts: string[] = []
    for (let r = await found.queue.take(); r !== null; r = await found.queue.take()) texts.push(r.payload.toString())
    t.strictSame([texts, found.lost], [['one', 'three'], [['damaged', batch.messageCount]]], `byte ${at}`)
    await found.queue.close()
  }
})

t.test('what is not what it says of itself is damaged, though its checksum is right', async (t) => {
  const content = Buffer.alloc(1000, 'rows')
  const brotli = brotliCompressSync(content)
  t.strictSame(await unpack(packed(1000, brotli)), content)
  const bomb = await zeros(512 * MIB)
  const before = process.resourceUsage().maxRSS
  const wrong = [
    packed(999, brotli),
    packed(1001, brotli),
    packed(0, brotli),
    packed(0xffffffff, brotli),
    packed(MAX_PACKED_BYTES + 1, bomb),
    packed(MAX_PACKED_BYTES, bomb),
    packed(1, bomb),
    packed(1000, brotli.subarray(0, -1)),
    packed(1000, Buffer.alloc(0)),
    Buffer.alloc(3),
  ]
  const { queue, lost } = spillQueue(spillDirectory())
  for (const payload of wrong) {
    t.equal(await unpack(payload), null)
    queue.append(PUT | PACKED, 5, [payload])
  }
  put(queue, 'good')
  t.equal((await queue.take())?.payload.toString(), 'good')
  t.strictSame(
    lost,
    wrong.map(() => ['damaged', 5]),
  )
  const grown = process.resourceUsage().maxRSS - before
  t.ok(grown < 100 * 1024, `${grown} KiB of memory for at most ${MAX_PACKED_BYTES} bytes`)
  await queue.close()
})

t.test('what does not get smaller, or is very large, stays as it is', (t) => {
  t.equal(pack([randomBytes(10_000)]), null)
  t.equal(pack([Buffer.alloc(1), Buffer.alloc(MAX_PACKED_BYTES)]), null)
  const [count, brotli] = pack([Buffer.alloc(1), Buffer.alloc(MAX_PACKED_BYTES - 1, 1)])!
  t.equal(Buffer.from(count).readUInt32BE(), MAX_PACKED_BYTES)
  t.strictSame(brotliDecompressSync(brotli), Buffer.alloc(MAX_PACKED_BYTES, 1).fill(0, 0, 1))
  t.end()
})

t.test('of what has piled up in memory only so much is packed at once', async (t) => {
  const dir = spillDirectory()
  const limits = { afterMs: NEVER, maxBytes: 1 << 28, segmentBytes: 1 << 26 }
  const p = await spillingPipeline(dir, { ...limits, retryInitialMs: NEVER, retryMaxMs: NEVER })
  p.store.onPut = away
  for (let n = 0; n < 10; n++) {
    for (let i = 0; i < 500; i++) p.dispatcher.datagram('span', stream.take(), FROM)
    p.batcher.seal()
  }
  const messages = p.accounting.inFlight
  t.ok(p.batcher.bytes > MAX_PACKED_BYTES)
  t.strictSame(filesOf(dir), [], 'all waits in memory')
  await Promise.all([p.batcher.close(1), p.flusher.close(1)])
  const found = filesOf(join(dir, 'worker-0', 'puts')).flatMap(kinds)
  t.ok(found.length > 8)
  const firstPlain = found.indexOf(PUT)
  t.ok(firstPlain > 2)
  t.ok(found.slice(0, firstPlain).every((kind) => kind === (PUT | PACKED)))
  t.ok(found.slice(firstPlain).every((kind) => kind === PUT))
  await p.spill!.close()
  const next = await spillingPipeline(dir, limits)
  t.equal(next.accounting.recovered, messages)
  next.batcher.start()
  while (next.accounting.inFlight > 0) await new Promise((resolve) => setTimeout(resolve, 1))
  t.ok(next.spill!.puts.empty)
  await Promise.all([next.batcher.close(SECONDS), next.flusher.close(SECONDS)])
  await next.spill!.close()
})

import { Writable } from 'node:stream'
import t from 'tap'
import { execute } from '../../../src/cli/cli.js'
import type { StoredRow } from '../../../src/store/store.js'
import { type FakeIo, fakeIo, type Sink } from './fake-io.js'

function row(
  key: string,
  ...cells: [family: string, qualifier: string, value: string, timestamp: number][]
): StoredRow {
  return {
    key: Buffer.from(key, 'hex'),
    cells: cells.map(([family, qualifier, value, timestamp]) => ({
      family,
      qualifier: Buffer.from(qualifier, 'hex'),
      value: Buffer.from(value, 'hex'),
      timestamp,
    })),
  }
}

function filled(io: FakeIo = fakeIo()): FakeIo {
  io.store.rows = {
    Traces: [row('01ff', ['A', '00', '', 1500000012345], ['S', '', 'abcd', 7]), row('02', ['T', '0a', '0b', 8])],
    AgentInfo: [row('aa', ['Info', '69', '01', 9])],
  }
  return io
}

const dump = (io: FakeIo, ...args: string[]): Promise<number> => execute(['node', 'x', 'dump', ...args], io)

t.test('a line a cell, tables sorted by name', async (t) => {
  const io = filled()
  t.equal(await dump(io), 0)
  t.equal(
    (io.stdout as Sink).text,
    'AgentInfo aa Info 69 01\nTraces 01ff A 00 -\nTraces 01ff S - abcd\nTraces 02 T 0a 0b\n',
  )
  t.equal(io.store.closed, 1)
  t.match(io.opened, [{ mode: 'read' }])
})

t.test('--ts puts the timestamp before the value', async (t) => {
  const io = filled()
  await dump(io, '--ts', 'AgentInfo')
  t.equal((io.stdout as Sink).text, 'AgentInfo aa Info 69 9 01\n')
})

t.test('tables may be named, in any order', async (t) => {
  const io = filled()
  await dump(io, 'Traces', 'AgentInfo', 'Traces')
  t.match((io.stdout as Sink).text, /^AgentInfo .*\nTraces 01ff/)
  const bad = filled()
  t.equal(await dump(bad, 'traces'), 2)
  t.match(bad.stderr.text, /there is no table "traces"; allowed: AgentInfo,/)
  t.same(bad.opened, [])
})

function manyRows(io: FakeIo): FakeIo {
  const value = 'ab'.repeat(1000)
  io.store.rows = { Traces: Array.from({ length: 500 }, () => row('01', ['S', '00', value, 1])) }
  return io
}

t.test('a slow reader is waited for', async (t) => {
  let written = 0
  let waiting = 0
  let most = 0
  const stdout = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      waiting += chunk.length
      most = Math.max(most, stdout.writableLength)
      setImmediate(() => {
        written += chunk.length
        waiting -= chunk.length
        done()
      })
    },
  })
  t.equal(await dump(manyRows(fakeIo({ stdout })), 'Traces'), 0)
  t.equal(written, 500 * ('Traces 01 S 00 '.length + 2000 + 1))
  t.equal(waiting, 0)
  t.ok(most < 128 * 1024, `${most} bytes waited at the most`)
})

t.test('a reader that goes away ends the dump without an error', async (t) => {
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    },
  })
  const io = manyRows(fakeIo({ stdout }))
  t.equal(await dump(io), 0)
  t.ok(io.store.scanned < 100, 'the rest is not scanned')
  t.equal(io.store.closed, 1)
})

t.test('a full disk is an error', async (t) => {
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }))
    },
  })
  const io = manyRows(fakeIo({ stdout }))
  t.equal(await dump(io), 1)
  t.match(io.stderr.text, /no space left/)
})

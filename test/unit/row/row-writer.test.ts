import { readFileSync } from 'node:fs'
import t from 'tap'
import { RowError } from '../../../src/errors.js'
import { RowWriter, svar32Size } from '../../../src/row/row-writer.js'
import { long, rev } from '../../builders/rows.js'
import { random } from '../../builders/thrift-random.js'

// The tables of storage.md §2, and the same rules once more with bigint.

function written(write: (w: RowWriter) => void): string {
  const w = new RowWriter()
  write(w)
  return w.buf.toString('hex', 0, w.len)
}

function hiLo(v: bigint): [hi: number, lo: number] {
  return [Number(BigInt.asIntN(32, v >> 32n)), Number(BigInt.asIntN(32, v))]
}

function varint(v: bigint): string {
  let out = ''
  for (v = BigInt.asUintN(64, v); v > 0x7fn; v >>= 7n) out += (Number(v & 0x7fn) | 0x80).toString(16)
  return out + Number(v).toString(16).padStart(2, '0')
}

function zigzag(v: bigint): bigint {
  return v < 0n ? -2n * v - 1n : 2n * v
}

const text = (s: string): [Uint8Array, number, number] => [Buffer.from(s), 0, Buffer.byteLength(s)]

t.test('var and svar of an int', async (t) => {
  const cases: [v: number, plain: string, signed: string][] = [
    [0, '00', '00'],
    [1, '01', '02'],
    [127, '7f', 'fe01'],
    [128, '8001', '8002'],
    [300, 'ac02', 'd804'],
    [16384, '808001', '808002'],
    [-1, 'ffffffffffffffffff01', '01'],
    [-300, 'd4fdffffffffffffff01', 'd704'],
    [2147483647, 'ffffffff07', 'feffffff0f'],
    [-2147483648, '80808080f8ffffffff01', 'ffffffff0f'],
  ]
  for (const [v, plain, signed] of cases) {
    t.equal(
      written((w) => w.var32(v)),
      plain,
      `var(${v})`,
    )
    t.equal(
      written((w) => w.svar32(v)),
      signed,
      `svar(${v})`,
    )
    t.equal(svar32Size(v), signed.length / 2)
  }
})

t.test('var and svar of a long', async (t) => {
  const cases: [v: bigint, plain: string, signed: string][] = [
    [1500000012345n, 'b990dff7d32b', 'f2a0beefa757'],
    [1499999000000n, 'c0aba1f7d32b', '80d7c2eea757'],
    [2n ** 63n - 1n, 'ffffffffffffffff7f', 'feffffffffffffffff01'],
    [-(2n ** 63n), '80808080808080808001', 'ffffffffffffffffff01'],
    [-1n, 'ffffffffffffffffff01', '01'],
  ]
  for (const [v, plain, signed] of cases) {
    t.equal(
      written((w) => w.var64(...hiLo(v))),
      plain,
      `var(${v})`,
    )
    t.equal(
      written((w) => w.svar64(...hiLo(v))),
      signed,
      `svar(${v})`,
    )
  }
})

t.test('numbers of every size are written as bigint arithmetic writes them', async (t) => {
  const r = random(7)
  for (let i = 0; i < 2000; i++) {
    const v = BigInt.asIntN(64, ((BigInt(r.below(2 ** 32)) << 32n) | BigInt(r.below(2 ** 32))) >> BigInt(r.below(64)))
    const signed = r.chance(0.5) ? v : -v
    const [hi, lo] = hiLo(signed)
    const int = Number(BigInt.asIntN(32, signed))
    const expected = [
      long(signed),
      rev(signed),
      varint(signed),
      varint(zigzag(signed)),
      varint(BigInt(int)),
      varint(zigzag(BigInt(int))),
    ]
    const found = [
      written((w) => w.i64(hi, lo)),
      written((w) => w.rev64(hi, lo)),
      written((w) => w.var64(hi, lo)),
      written((w) => w.svar64(hi, lo)),
      written((w) => w.var32(int)),
      written((w) => w.svar32(int)),
    ]
    if (found.join() !== expected.join()) t.strictSame(found, expected, String(signed))
  }
})

t.test('fixed numbers are big-endian', async (t) => {
  t.equal(
    written((w) => w.i8(-2)),
    'fe',
  )
  t.equal(
    written((w) => w.i16(-2)),
    'fffe',
  )
  t.equal(
    written((w) => w.i16(1010)),
    '03f2',
  )
  t.equal(
    written((w) => w.i32(-300)),
    'fffffed4',
  )
  t.equal(
    written((w) => w.f64(1.5)),
    '3ff8000000000000',
  )
  t.equal(
    written((w) => w.f64(Number.NaN)),
    '7ff8000000000000',
  )
  t.equal(
    written((w) => w.f64(-0)),
    '8000000000000000',
  )
})

t.test('times in ms', async (t) => {
  for (const ms of [0, 1, 1500000012345, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER, -1]) {
    t.equal(
      written((w) => w.time64(ms)),
      long(ms),
    )
    t.equal(
      written((w) => w.revTime64(ms)),
      rev(ms),
    )
  }
})

t.test('text with a zigzag length', async (t) => {
  const cases: [s: string, one: string, two: string][] = [
    ['', '00', '0000'],
    ['a', '0261', '000161'],
    ['héé', '0a68c3a9c3a9', '000568c3a9c3a9'],
    ['x'.repeat(63), `7e${'78'.repeat(63)}`, `003f${'78'.repeat(63)}`],
    ['x'.repeat(64), `8001${'78'.repeat(64)}`, `0040${'78'.repeat(64)}`],
  ]
  for (const [s, one, two] of cases) {
    t.equal(
      written((w) => w.pstr(...text(s))),
      one,
      s,
    )
    t.equal(
      written((w) => w.p2str(...text(s))),
      two,
      s,
    )
  }
  t.equal(
    written((w) => w.pstr(Buffer.alloc(0), 0, -1)),
    '01',
  )
  t.equal(
    written((w) => w.p2str(Buffer.alloc(0), 0, -1)),
    'ffff',
  )
  t.equal(
    written((w) => w.str(Buffer.alloc(0), 0, -1)),
    '',
  )
  t.equal(
    written((w) => w.str(...text('héé'))),
    '68c3a9c3a9',
  )
})

t.test('a short length holds 32767 bytes', async (t) => {
  t.equal(written((w) => w.p2str(...text('x'.repeat(32767)))).slice(0, 8), '7fff7878')
  t.throws(() => written((w) => w.p2str(...text('x'.repeat(32768)))), { code: 'ROW_TOO_LONG' })
})

t.test('padded names: never cut', async (t) => {
  t.equal(
    written((w) => w.padStr(...text('ab'), 4)),
    '61620000',
  )
  t.equal(
    written((w) => w.padStr(...text('abcd'), 4)),
    '61626364',
  )
  t.equal(
    written((w) => w.padStr(Buffer.alloc(0), 0, -1, 4)),
    '00000000',
  )
  t.throws(() => written((w) => w.padStr(...text('abcde'), 4)), { code: 'ROW_NAME_TOO_LONG' })
  const grown = Buffer.from('ffff', 'hex')
  t.throws(() => written((w) => w.padStr(grown, 0, 2, 4)), { code: 'ROW_NAME_TOO_LONG' }, 'U+FFFD has three bytes')
})

t.test('bytes that are no UTF-8 are repaired as Java does, in short and in long texts', async (t) => {
  const file = new URL('../../../../test/wire/storage-repaired-text.json', import.meta.url)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: [given: string, repaired: string][] }
  for (const [given, repaired] of cases) {
    for (const more of [0, 100]) {
      const src = Buffer.concat([
        Buffer.alloc(3, 0xff),
        Buffer.alloc(more, 0x78),
        Buffer.from(given, 'hex'),
        Buffer.alloc(3, 0x80),
      ])
      const expected = '78'.repeat(more) + repaired
      t.equal(
        written((w) => w.str(src, 3, more + given.length / 2)),
        expected,
        given,
      )
    }
  }
  const lone = Buffer.from('eda080', 'hex')
  t.equal(
    written((w) => w.pstr(lone, 0, 3)),
    '06efbfbd',
  )
  t.equal(
    written((w) => w.p2str(lone, 0, 3)),
    '0003efbfbd',
  )
  t.equal(
    written((w) => w.padStr(lone, 0, 3, 4)),
    'efbfbd00',
  )
})

t.test('sized values get their length in front', async (t) => {
  for (const n of [0, 1, 62, 63, 64, 65, 8191, 8192, 100_000]) {
    const inside = Buffer.alloc(n, 'x')
    const found = written((w) => {
      w.i8(0xaa)
      const at = w.beginSized()
      w.raw(inside, 0, n)
      w.endSized(at)
      w.i8(0xbb)
    })
    t.equal(found, `aa${varint(zigzag(BigInt(n)))}${inside.toString('hex')}bb`, `${n} bytes`)
  }
})

t.test('the buffer grows under every write, and keeps what was there', async (t) => {
  const writes: ((w: RowWriter) => void)[] = [
    (w) => w.i8(1),
    (w) => w.i16(1),
    (w) => w.i32(1),
    (w) => w.i64(1, 2),
    (w) => w.f64(1),
    (w) => w.var32(2147483647),
    (w) => w.var32(-1),
    (w) => w.svar32(-2147483648),
    (w) => w.var64(-1, -1),
    (w) => w.raw(Buffer.alloc(100, 1), 0, 100),
    (w) => w.pad(Buffer.alloc(3, 1), 0, 3, 24),
  ]
  for (const [i, write] of writes.entries()) {
    const one = written(write)
    const w = new RowWriter()
    const filler = w.buf.length - 1
    w.raw(Buffer.alloc(filler, 7), 0, filler)
    for (let n = 0; n < 3; n++) write(w)
    t.equal(w.buf.toString('hex', filler, w.len), one.repeat(3), `write ${i}`)
    t.ok(w.buf.subarray(0, filler).every((b) => b === 7))
  }
})

t.test('growth past the limit is an error', async (t) => {
  const w = new RowWriter()
  w.limit = 100_000
  w.raw(Buffer.alloc(70_000), 0, 70_000)
  t.throws(() => w.raw(Buffer.alloc(70_000), 0, 70_000), RowError)
  t.throws(() => w.raw(Buffer.alloc(70_000), 0, 70_000), { code: 'ROW_TOO_LARGE' })
  t.equal(w.len, 70_000)
})

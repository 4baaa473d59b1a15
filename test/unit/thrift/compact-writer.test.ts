import t from 'tap'
import { CompactReader, T_BYTE, T_DOUBLE, T_I32, T_STRUCT } from '../../../src/thrift/compact-reader.js'
import { CompactWriter } from '../../../src/thrift/compact-writer.js'

function written(write: (w: CompactWriter) => void): string {
  const w = new CompactWriter()
  write(w)
  return w.bytes().toString('hex')
}

t.test('numbers at their limits', async (t) => {
  t.equal(
    written((w) => w.i64(-(2n ** 63n))),
    'ffffffffffffffffff01',
  )
  t.equal(
    written((w) => w.i64(2n ** 63n - 1n)),
    'feffffffffffffffff01',
  )
  t.equal(
    written((w) => w.i32(-2147483648)),
    'ffffffff0f',
  )
  t.equal(
    written((w) => w.i16(-32768)),
    'ffff03',
  )
  t.equal(
    written((w) => w.i8(-128)),
    '80',
  )
  t.equal(
    written((w) => w.double(0.25)),
    '000000000000d03f',
  )
})

t.test('a field head has the short form for 1 to 15 more, and ids begin anew in a nested struct', async (t) => {
  const hex = written((w) => {
    w.structBegin()
    for (const id of [15, 31, 30]) {
      w.fieldHead(id, T_I32)
      w.i32(0)
    }
    w.fieldHead(32, T_STRUCT)
    w.structBegin()
    w.fieldHead(2, T_BYTE)
    w.i8(1)
    w.structEnd()
    w.fieldHead(33, T_DOUBLE)
    w.double(0)
    w.structEnd()
  })
  t.equal(hex, 'f500' + '053e00' + '053c00' + '2c' + '230100' + '170000000000000000' + '00')
})

t.test('a list head has the short form below 15 elements', async (t) => {
  t.equal(
    written((w) => w.listHead(T_I32, 14)),
    'e5',
  )
  t.equal(
    written((w) => w.listHead(T_I32, 15)),
    'f50f',
  )
  t.equal(
    written((w) => w.listHead(T_I32, 300)),
    'f5ac02',
  )
})

t.test('the header is ef 10 and the type', async (t) => {
  t.equal(
    written((w) => w.header(0x0140)),
    'ef100140',
  )
})

t.test('the buffer grows at every place, and bytes() is a copy', async (t) => {
  for (let length = 240; length < 270; length++) {
    const w = new CompactWriter()
    w.binary(Buffer.alloc(length, 7))
    w.double(1.5)
    w.i64(-1n)
    w.string('x'.repeat(1000))
    const bytes = w.bytes()
    w.i8(9)
    const r = new CompactReader()
    r.reset(bytes, 0, bytes.length)
    t.equal(r.bytes(), length)
    t.equal(r.double(), 1.5)
    r.i64()
    t.equal(r.lo, -1)
    t.equal(r.bytes(), 1000)
    t.equal(r.pos, bytes.length)
  }
})

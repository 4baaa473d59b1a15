import t from 'tap'
import { CompactReader } from '../../../src/thrift/compact-reader.js'
import { readHeader } from '../../../src/thrift/header.js'

/** @returns the type and where the struct begins */
function header(hex: string): [type: number, at: number] {
  const bytes = Buffer.from(hex, 'hex')
  const r = new CompactReader()
  r.reset(bytes, 0, bytes.length)
  return [readHeader(r), r.pos]
}

const text = (length: number): string => length.toString(16).padStart(4, '0') + '61'.repeat(length)

t.test('version 1 is four bytes', async (t) => {
  t.strictSame(header('ef10002818'), [40, 4])
  t.strictSame(header('ef10ffff'), [65535, 4])
})

t.test('version 2 has entities that are stepped over', async (t) => {
  t.strictSame(header('ef200028000100016b000176'), [40, 12])
  t.strictSame(header('ef2001400000'), [320, 6])
  t.strictSame(header(`ef2001400002${text(1024)}${text(1)}${text(3)}${text(1024)}ab`), [320, 6 + 1026 + 3 + 5 + 1026])
  t.strictSame(header(`ef2001400040${text(1).repeat(128)}`), [320, 6 + 128 * 3])
})

t.test('more than 64 entities, and texts that are empty or longer than 1024 bytes, are MALFORMED', async (t) => {
  for (const n of ['0041', '8000', 'ffff']) t.throws(() => header(`ef200140${n}`), { code: 'MALFORMED' })
  for (const n of [0, 1025, 65535]) {
    t.throws(() => header(`ef2001400001${text(n)}${text(1)}`), { code: 'MALFORMED' })
    t.throws(() => header(`ef2001400001${text(1)}${text(n)}`), { code: 'MALFORMED' })
  }
})

t.test('another first byte or version is a BAD_SIGNATURE', async (t) => {
  for (const hex of ['00100028', 'cc10010044', 'ee100028', 'ef000028', 'ef110028', 'ef300028']) {
    t.throws(() => header(hex), { code: 'BAD_SIGNATURE' }, hex)
  }
})

t.test('a header cut at any byte is TRUNCATED', async (t) => {
  for (const whole of [
    'ef100028',
    'ef200028000100016b000176',
    `ef2001400002${text(9)}${text(1)}${text(3)}${text(40)}`,
  ]) {
    for (let n = 0; n < whole.length; n += 2) {
      t.throws(() => header(whole.slice(0, n)), { code: 'TRUNCATED', field: 'Header.0' }, `${whole} cut at ${n / 2}`)
    }
  }
})

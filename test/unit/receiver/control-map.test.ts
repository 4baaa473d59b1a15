import t from 'tap'
import { DecodeError } from '../../../src/errors.js'
import {
  ControlDouble,
  type ControlMap,
  type ControlValue,
  decodeControlMap,
  encodeControlMap,
} from '../../../src/receiver/control-map.js'
import { isBefore17, readProperties } from '../../../src/receiver/handshake.js'
import { handshake, hex } from '../../builders/tcp-packets.js'
import { TCP_VECTORS } from '../../builders/tcp-vectors.js'

const HEADER_BYTES = 10

function plain(value: ControlValue): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof ControlDouble) return value.value
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]))
  return Array.isArray(value) ? value.map(plain) : value
}

function map(entries: Record<string, ControlValue>): ControlMap {
  return new Map(Object.entries(entries))
}

const MAPS = [
  TCP_VECTORS.controlMap,
  ...TCP_VECTORS.vectors
    .filter(({ decoded }) => decoded.map !== undefined)
    .map(({ hex, decoded }) => ({ hex: hex.slice(2 * HEADER_BYTES), decoded: decoded.map })),
]

t.test('every vector is decoded, and encoded to the same bytes', async (t) => {
  t.ok(MAPS.length > 8)
  for (const { hex: bytes, decoded } of MAPS) {
    const value = decodeControlMap(hex(bytes))
    t.same(plain(value), decoded)
    t.equal(encodeControlMap(value).toString('hex'), bytes)
  }
})

t.test('a map cut at any byte is refused', async (t) => {
  for (const { hex: bytes } of MAPS) {
    const whole = hex(bytes)
    for (let cut = 0; cut < whole.length; cut++) {
      try {
        decodeControlMap(whole.subarray(0, cut))
        t.fail(`cut at ${cut}`)
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error
      }
    }
  }
  t.pass('all cuts')
})

t.test('numbers keep their control type', async (t) => {
  const value = decodeControlMap(encodeControlMap(map({ i: 1, l: 1n, d: new ControlDouble(1) })))
  t.equal(value.get('i'), 1)
  t.equal(value.get('l'), 1n)
  t.ok(value.get('d') instanceof ControlDouble)
})

t.test('what is no map, too deep, too long or too much is refused', async (t) => {
  const deep = Buffer.concat([hex('4d530161'), Buffer.alloc(100, 0x56)])
  const many = Buffer.concat([hex('4d53016156'), Buffer.alloc(5000, 0x4e), hex('7a7a')])
  const giantString = hex('4d5301615381808080087a')
  const endlessLength = hex('4d53ffffffffffffff')
  for (const bytes of [hex('5a'), hex('4e'), hex('4d49000000014e7a'), deep, many, giantString, endlessLength]) {
    t.throws(() => decodeControlMap(bytes), DecodeError)
  }
  t.throws(() => decodeControlMap(Buffer.concat([hex('4d7a'), Buffer.alloc(70_000)])), DecodeError)
  t.same(plain(decodeControlMap(hex('4d7aff'))), {}, 'bytes behind the map are ignored')
})

t.test('handshake properties: what is required, optional, and of the wrong type', async (t) => {
  const read = (changes: Record<string, ControlValue | undefined>) =>
    readProperties(decodeControlMap(handshake(changes).subarray(HEADER_BYTES)))
  t.match(read({ supportCommandList: [720, 710] }), {
    agentId: 'agent-1',
    startTimestamp: 1460000000000n,
    supportServer: true,
    socketId: 1,
    supportCommandList: [720, 710],
  })
  const required = ['agentId', 'applicationName', 'hostName', 'ip', 'version', 'serviceType', 'pid', 'startTimestamp']
  for (const key of required) {
    t.equal(read({ [key]: undefined }), undefined, `without ${key}`)
    t.equal(read({ [key]: true }), undefined, `${key} of the wrong type`)
  }
  t.equal(read({ pid: 4242n }), undefined, 'pid as a long')
  t.equal(read({ pid: new ControlDouble(4242) }), undefined, 'pid as a double')
  t.match(read({ supportServer: undefined, socketId: undefined }), { supportServer: true, socketId: undefined })
  t.match(read({ supportServer: 'no', socketId: 1n }), { supportServer: true, socketId: undefined })
  t.match(read({ supportServer: false }), { supportServer: false, supportCommandList: undefined })
})

t.test('versions before 1.7', async (t) => {
  for (const version of ['1.5.2', '1.6.2', '1.1.0', '1.5.2-SNAPSHOT', '0.9']) t.ok(isBefore17(version), version)
  for (const version of ['1.7.0', '1.8.5', '2.0', '1.10.1', '', 'unknown']) t.notOk(isBefore17(version), version)
})

import { networkInterfaces } from 'node:os'
import t from 'tap'
import { addressOf, portOf } from '../../../src/receiver/socket-address.js'

// bytes as ip(7) and ipv6(7) lay them out on a little-endian machine: family 2, then family 10
const IPV4 = '0200 1f90 c0000201 0000000000000000'
const ipv6 = (address: string, scope = '00000000'): string => `0a00 752c 00000000 ${address} ${scope}`

const bytes = (hex: string): Buffer => Buffer.from(`ffff${hex.replaceAll(' ', '')}`, 'hex')

t.test('addresses are written as Node.js writes them', async (t) => {
  for (const [hex, address, port] of [
    [IPV4, '192.0.2.1', 8080],
    [ipv6('00000000000000000000000000000001'), '::1', 29996],
    [ipv6('20010db8000000000000000000000001'), '2001:db8::1', 29996],
    [ipv6('20010db8000100020003000400050006'), '2001:db8:1:2:3:4:5:6', 29996],
    [ipv6('00000000000000000000ffffc0000201'), '::ffff:192.0.2.1', 29996],
  ] as const) {
    t.equal(addressOf(bytes(hex), 2), address)
    t.equal(portOf(bytes(hex), 2), port)
  }
})

t.test('a link-local address names its interface, when there is one', async (t) => {
  const address = 'fe800000000000000000000000000001'
  t.equal(addressOf(bytes(ipv6(address, 'ffffff7f')), 2), 'fe80::1')
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    const scope = addresses?.find((one) => one.family === 'IPv6')?.scopeid ?? 0
    if (scope === 0) continue
    const hex = Buffer.alloc(4)
    hex.writeUInt32LE(scope)
    t.equal(addressOf(bytes(ipv6(address, hex.toString('hex'))), 2), `fe80::1%${name}`)
  }
})

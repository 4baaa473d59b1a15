import { networkInterfaces } from 'node:os'

// sockaddr of Linux, as recvmmsg(2) leaves it:
//   sockaddr_in   => family:u16=2 (host order)  port:u16  address:4
//   sockaddr_in6  => family:u16=10              port:u16  flow:u32  address:16  scope:u32 (host order)

/** The larger of the two. */
export const SOCKET_ADDRESS_BYTES = 28
const AF_INET = 2
const PORT_AT = 2
const IPV4_AT = 4
const IPV6_AT = 8
const IPV6_END = 24
const MAPPED_PREFIX = Buffer.from('00000000000000000000ffff', 'hex')

export function portOf(bytes: Buffer, at: number): number {
  return bytes.readUInt16BE(at + PORT_AT)
}

/** As Node.js writes the address of a sender. */
export function addressOf(bytes: Buffer, at: number): string {
  if (bytes.readUInt16LE(at) === AF_INET) return ipv4(bytes, at + IPV4_AT)
  const address = bytes.subarray(at + IPV6_AT, at + IPV6_END)
  const mapped = MAPPED_PREFIX.length
  if (address.subarray(0, mapped).equals(MAPPED_PREFIX)) return `::ffff:${ipv4(address, mapped)}`
  const groups = Array.from({ length: 8 }, (_, i) => address.readUInt16BE(2 * i).toString(16))
  // shortens it as RFC 5952 wants
  const { hostname } = new URL(`http://[${groups.join(':')}]`)
  return hostname.slice(1, -1) + zoneOf(bytes.readUInt32LE(at + IPV6_END))
}

function ipv4(bytes: Buffer, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

/** What a link-local address cannot be answered without. */
function zoneOf(scope: number): string {
  if (scope === 0) return ''
  for (const [name, addresses] of Object.entries(networkInterfaces()))
    if (addresses?.some((one) => one.family === 'IPv6' && one.scopeid === scope)) return `%${name}`
  return ''
}

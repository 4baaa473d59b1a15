import { SIGNATURE, VERSION_1 } from '../thrift/header.js'
import { CODE_NETWORK_CHECK } from '../thrift/message-type.js'

/** Answer to a network check (spec: wire.md §2.5), sent from the receiving socket. */
export const NETWORK_CHECK_ANSWER = Buffer.from('OK')

/** ef 10 00 0a: a header of type 10 without a body. */
export function isNetworkCheck(datagram: Uint8Array): boolean {
  return (
    datagram.length === 4 &&
    datagram[0] === SIGNATURE &&
    datagram[1] === VERSION_1 &&
    datagram[2] === 0 &&
    datagram[3] === CODE_NETWORK_CHECK
  )
}

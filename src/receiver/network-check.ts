import { SIGNATURE, VERSION_1 } from '../thrift/header.js'
import { CODE_NETWORK_CHECK } from '../thrift/message-type.js'

/** Answer to a network check (spec: wire.md §2.5), sent from the receiving socket. */
export const NETWORK_CHECK_ANSWER = Buffer.from('OK')

/** A header of type 10 without a body. */
export const NETWORK_CHECK = Buffer.of(SIGNATURE, VERSION_1, 0, CODE_NETWORK_CHECK)

export function isNetworkCheck(datagram: Buffer): boolean {
  return datagram.equals(NETWORK_CHECK)
}

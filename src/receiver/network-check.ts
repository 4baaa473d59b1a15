import { SIGNATURE, VERSION_1 } from '../thrift/header.js'
import { CODE_NETWORK_CHECK } from '../thrift/message-type.js'

/** Answer to a network check (spec: wire.md §2.5), sent from the receiving socket. */
export const NETWORK_CHECK_ANSWER = Buffer.from('OK')

/** A header of type 10 without a body. */
export const NETWORK_CHECK = Buffer.of(SIGNATURE, VERSION_1, 0, CODE_NETWORK_CHECK)

/** @param at where a datagram of that length begins */
export function isNetworkCheck(bytes: Buffer, at: number): boolean {
  return bytes.compare(NETWORK_CHECK, 0, NETWORK_CHECK.length, at, at + NETWORK_CHECK.length) === 0
}

/** an IPv4 sender as a socket that listens on :: sees it */
const MAPPED_IPV4 = '::ffff:'

/** The address as the settings spell it. */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED_IPV4) ? address.slice(MAPPED_IPV4.length) : address
}

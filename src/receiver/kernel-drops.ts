import { readFile } from 'node:fs/promises'

// /proc/net/udp, one socket a line: "sl local:port remote:port st tx:rx … drops", numbers in hex but the last.

/** Datagrams that the kernel dropped on all sockets of these local ports since they were opened; 0 where it does not tell. */
export async function kernelDrops(ports: readonly number[]): Promise<number[]> {
  const drops = ports.map(() => 0)
  for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
    const text = await readFile(file, 'latin1').catch(() => '')
    for (const line of text.split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/)
      if (columns.length < 3) continue
      const port = Number.parseInt(columns[1].slice(columns[1].lastIndexOf(':') + 1), 16)
      const at = ports.indexOf(port)
      if (at >= 0) drops[at] += Number(columns[columns.length - 1])
    }
  }
  return drops
}

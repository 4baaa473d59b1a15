import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

// hbase-rpc-client, which is not ours, reads what we wrote; in a process of its own, which it never ends by itself.

interface ReadCell {
  family: Buffer
  qualifier: Buffer
  value: Buffer
  timestamp: { toString(): string }
}

interface Client {
  on(event: 'error', listener: (error: Error) => void): void
  get(table: string, get: unknown, done: (error: unknown, row?: { columns: ReadCell[] } | null) => void): void
}

interface ClientModule {
  (options: object): Client
  Get: new (row: Buffer) => unknown
}

/** "family qualifier value timestamp", bytes in hex; by row. */
export type IndependentRows = string[][]

const THIS_FILE = fileURLToPath(import.meta.url)
const PROCESS_TIMEOUT_MS = 30_000

/** Gets rows by their key; a row that is not there has no cells. */
export async function readIndependently(quorum: string, table: string, keys: Buffer[]): Promise<IndependentRows> {
  const args = [THIS_FILE, quorum, table, ...keys.map((k) => k.toString('hex'))]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: PROCESS_TIMEOUT_MS, maxBuffer: 64e6 })
  return JSON.parse(stdout) as IndependentRows
}

async function main(quorum: string, table: string, keys: string[]): Promise<void> {
  const hbase = createRequire(import.meta.url)('hbase-rpc-client') as ClientModule
  const client = hbase({ zookeeperHosts: [quorum], zookeeperRoot: '/hbase', callTimeout: 10_000 })
  client.on('error', (error) => console.error(error))
  const rows: IndependentRows = []
  for (const key of keys) {
    const columns = await new Promise<ReadCell[]>((resolve, reject) => {
      const get = new hbase.Get(Buffer.from(key, 'hex'))
      client.get(table, get, (error, row) => (error ? reject(error) : resolve(row?.columns ?? [])))
    })
    const hex = (b: Buffer): string => Buffer.from(b).toString('hex')
    rows.push(columns.map((c) => `${c.family} ${hex(c.qualifier)} ${hex(c.value)} ${c.timestamp}`))
  }
  process.stdout.write(JSON.stringify(rows), () => process.exit(0))
}

if (process.argv[1] === THIS_FILE) await main(process.argv[2], process.argv[3], process.argv.slice(4))

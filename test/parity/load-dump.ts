import { createInterface } from 'node:readline'
import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js'
import { loadDump } from '../builders/dump-rows.js'

// pinpoint-collector dump --ts … | node dist/test/parity/load-dump.js DIRECTORY
//
// Fills an embedded store with the rows of another store, so that `web --data-dir DIRECTORY` can be compared.

const [dataDir] = process.argv.slice(2)
if (dataDir === undefined) {
  console.error('give the directory of the store that is to be filled')
  process.exit(2)
}
const store = await EmbeddedStore.open({ dataDir })
await store.ensureTables()
const cells = await loadDump(store, createInterface({ input: process.stdin }))
await store.close()
console.log(`${cells} cells`)

import type { Table } from '../../row/tables.js'
import type { TableSchema } from './proto.js'

// Attributes of a family are texts: VERSIONS "1", TTL "5184000" (seconds), DATA_BLOCK_ENCODING "PREFIX".

const NAMESPACE = Buffer.from('default')
const ENCODING = 'PREFIX'
/** Seconds; HBase's word for "for ever". */
const FOREVER = 0x7fffffff
/** Bytes of a split key: one byte, then zeros (spec: storage.md §1.1). */
const SPLIT_KEY_BYTES = 16

export function tableName(name: string): { namespace: Buffer; qualifier: Buffer } {
  return { namespace: NAMESPACE, qualifier: Buffer.from(name) }
}

export function tableSchema(table: Table, ttlSeconds: number): TableSchema {
  const attributes = Object.entries({ VERSIONS: '1', TTL: String(ttlSeconds), DATA_BLOCK_ENCODING: ENCODING }).map(
    ([name, value]) => ({ first: Buffer.from(name), second: Buffer.from(value) }),
  )
  return {
    tableName: tableName(table.name),
    columnFamilies: table.families.map((name) => ({ name: Buffer.from(name), attributes })),
  }
}

export function splitKeys(table: Table): Buffer[] {
  return Array.from({ length: table.splits }, (_, i) => {
    const key = Buffer.alloc(SPLIT_KEY_BYTES)
    key[0] = (i + 1) * table.step
    return key
  })
}

export interface SchemaProblem {
  /** rows cannot be written; otherwise they can, but are not kept as they should be */
  fatal: boolean
  problem: string
}

/** What is wrong with a table as HBase describes it; null when nothing is. */
export function compareSchema(table: Table, ttlSeconds: number, found: TableSchema | undefined): SchemaProblem | null {
  if (found === undefined) return { fatal: true, problem: 'missing; create it with "tables create"' }
  const families = new Map(found.columnFamilies.map((f) => [Buffer.from(f.name).toString(), f.attributes]))
  const missing = table.families.filter((f) => !families.has(f))
  if (missing.length > 0) {
    return {
      fatal: true,
      problem: `no family ${missing.join(', ')}; add it in the HBase shell, or drop and create the table`,
    }
  }
  const wrong: string[] = []
  for (const family of table.families) {
    const value = (name: string): string | undefined => {
      const pair = families.get(family)?.find((a) => Buffer.from(a.first).toString() === name)
      return pair && Buffer.from(pair.second).toString()
    }
    const ttl = Number(value('TTL') ?? FOREVER)
    if (ttl !== ttlSeconds)
      wrong.push(`family ${family} has TTL ${ttl === FOREVER ? 'FOREVER' : ttl}, not ${ttlSeconds}`)
    const encoding = value('DATA_BLOCK_ENCODING') ?? 'NONE'
    if (encoding !== ENCODING) wrong.push(`family ${family} has DATA_BLOCK_ENCODING ${encoding}, not ${ENCODING}`)
    const versions = value('VERSIONS') ?? '1'
    if (versions !== '1') wrong.push(`family ${family} has VERSIONS ${versions}, not 1`)
  }
  return wrong.length === 0 ? null : { fatal: false, problem: `${wrong.join('; ')}; alter it in the HBase shell` }
}

import type { Table } from '../../row/tables.js'
import type { StoredRow } from '../../store/store.js'
import { isCachedArgument, KEY } from '../annotation-keys.js'
import { type Query, TABLE } from '../context.js'
import type { Annotation, IdWithTexts } from '../read/annotation.js'
import { type ApiMetadata, metadataKey, readApiMetadata, readText } from '../read/metadata.js'
import type { Span, SpanEvent } from '../read/span.js'

/** The texts that ids in spans stand for; undefined: not stored. */
export interface Metadata {
  api(of: Span | SpanEvent): ApiMetadata | undefined
  sql(of: Span | SpanEvent, id: number): string | undefined
  text(of: Span | SpanEvent, id: number): string | undefined
}

/** Ids live with the run of an agent. */
function keyOf({ agentId, agentStartTime }: Span | SpanEvent, id: number): string {
  return `${agentId}\n${agentStartTime}\n${id}`
}

/** The statement of a call; null when it has none. */
export function sqlOf(annotations: readonly Annotation[]): IdWithTexts | null {
  const value = annotations.find((annotation) => annotation.key === KEY.sqlId)?.value
  return typeof value === 'object' && value !== null && 'id' in value ? value : null
}

/** Ids of arguments that were sent once and then by number. */
export function cachedArgumentsOf(annotations: readonly Annotation[]): { key: number; id: number }[] {
  return annotations.flatMap(({ key, value }) =>
    isCachedArgument(key) && typeof value === 'number' ? [{ key, id: value }] : [],
  )
}

/** Reads all that the calls refer to, each id once. */
export async function lookUpMetadata(query: Query, calls: readonly (Span | SpanEvent)[]): Promise<Metadata> {
  const apis = new Lookup(query, TABLE.api, readApiMetadata)
  const statements = new Lookup(query, TABLE.sql, readText)
  const texts = new Lookup(query, TABLE.string, readText)
  for (const call of calls) {
    apis.want(call, call.apiId)
    const sql = sqlOf(call.annotations)
    if (sql !== null) statements.want(call, sql.id)
    for (const { id } of cachedArgumentsOf(call.annotations)) texts.want(call, id)
    if (call.exception !== null) texts.want(call, call.exception.id)
  }
  await Promise.all([apis.read(), statements.read(), texts.read()])
  return {
    api: (of) => apis.found.get(keyOf(of, of.apiId)),
    sql: (of, id) => statements.found.get(keyOf(of, id)),
    text: (of, id) => texts.found.get(keyOf(of, id)),
  }
}

/** The rows of one table that are wanted, and what they say. */
class Lookup<T> {
  readonly found = new Map<string, T>()
  private readonly wanted = new Map<string, Uint8Array>()

  constructor(
    private readonly query: Query,
    private readonly table: Table,
    private readonly value: (row: StoredRow) => T,
  ) {}

  want(of: Span | SpanEvent, id: number): void {
    const key = keyOf(of, id)
    if (!this.wanted.has(key)) this.wanted.set(key, metadataKey(this.table, of.agentId, of.agentStartTime, id))
  }

  async read(): Promise<void> {
    if (this.wanted.size === 0) return
    const { store, signal } = this.query
    const rows = await store.getAll(this.table, [...this.wanted.values()], { signal })
    for (const [i, key] of [...this.wanted.keys()].entries()) {
      const row = rows[i]
      if (row !== undefined) this.found.set(key, this.value(row))
    }
  }
}

/** The pictures of the map. */
export type GlyphKind =
  | 'user'
  | 'server'
  | 'database'
  | 'documents'
  | 'cache'
  | 'queue'
  | 'search'
  | 'program'
  | 'outside'

// What the names of service types have in them; the first that fits wins.
const KINDS: readonly (readonly [RegExp, GlyphKind])[] = [
  [/^USER/, 'user'],
  [/^UNKNOWN|HTTP|^UNDEFINED/, 'outside'],
  [/REDIS|MEMCACHED|ARCUS|CACHE|NBASE/, 'cache'],
  [/MQ|KAFKA|QUEUE|RABBIT/, 'queue'],
  [/ELASTIC|SOLR|SEARCH/, 'search'],
  [/MONGO|CASSANDRA|HBASE|COUCH/, 'documents'],
  [/MYSQL|MARIADB|ORACLE|MSSQL|POSTGRE|CUBRID|DB2|SQL|DBCP|HIKARI|DATABASE/, 'database'],
  [/STAND_ALONE|BATCH|PHP|NODE|GO\b|PYTHON/, 'program'],
]

/** The picture of a service type; whatever has an agent and no other picture is a server. */
export function glyphKind(category: string): GlyphKind {
  return KINDS.find(([pattern]) => pattern.test(category))?.[1] ?? 'server'
}

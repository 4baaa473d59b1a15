import { messageOf, StoreError } from '../../errors.js'
import type { StoreHealth } from '../store.js'
import type { SchemaProblem } from './schema.js'

/** ms that an answer is good for. */
const HEALTH_MS = 5_000
/** ms after which a cluster that does not answer is called away: probes have little patience. */
const HEALTH_TIMEOUT_MS = 3_000
/** ms to wait for the master when its last answer is kept: Kubernetes gives a probe one second. */
const MASTER_PATIENCE_MS = 300

export type TableProblem = SchemaProblem & { name: string }

/** Whom health asks. */
export interface HealthSources {
  /** hbase:meta, as writes do: names of tables that have no region */
  unknownTables(): Promise<string[]>
  /** the master */
  checkTables(): Promise<TableProblem[]>
}

/**
 * Whether rows can be written: hbase:meta answers on its region server, and the tables are there. What only the master
 * knows, their families, is asked of it each time; its last answer holds while it is away, for rows need no master.
 */
export class ClusterHealth {
  private last: { at: number; health: Promise<StoreHealth> } | undefined
  private schema: { at: number; problems: TableProblem[] } | undefined
  private masterFailure: string | null = null
  private asking: Promise<void> | undefined

  constructor(
    private readonly quorum: string,
    private readonly sources: HealthSources,
    private readonly details: () => Record<string, unknown>,
  ) {}

  /** Looks at the cluster at most once in five seconds. Missing tables make it bad, wrong ones are only named. */
  health(): Promise<StoreHealth> {
    const now = performance.now()
    if (this.last === undefined || now - this.last.at > HEALTH_MS) this.last = { at: now, health: this.look() }
    return this.last.health
  }

  private async look(): Promise<StoreHealth> {
    const patience = this.schema === undefined ? HEALTH_TIMEOUT_MS : MASTER_PATIENCE_MS
    const master = withTimeout(this.askMaster(), patience).catch((error: unknown) => {
      this.masterFailure = messageOf(error)
    })
    const [unknown] = await Promise.all([this.unknownTables(), master])
    const { schema } = this
    const ageMs = schema === undefined ? null : Math.round(performance.now() - schema.at)
    const details = { ...this.details(), schema: { ageMs, masterFailure: this.masterFailure } }
    const away = (why: string): StoreHealth => ({ ok: false, reason: `HBase at ${this.quorum}: ${why}`, details })
    if (typeof unknown === 'string') return away(unknown)
    if (schema === undefined) {
      return away(
        `start its master, the tables were never checked since this collector was started: ${this.masterFailure}`,
      )
    }
    const missing = new Set([...unknown, ...schema.problems.filter((p) => p.fatal).map((p) => p.name)])
    const tables = schema.problems.map(({ name, problem }) => ({ name, problem }))
    if (missing.size === 0) return { ok: true, tables, details }
    const names = [...missing].join(', ')
    return { ok: false, reason: `tables missing or without their family: ${names}`, tables, details }
  }

  /** @returns names, or why hbase:meta cannot be read */
  private unknownTables(): Promise<string[] | string> {
    return withTimeout(this.sources.unknownTables(), HEALTH_TIMEOUT_MS).catch(messageOf)
  }

  /** One question at a time: it is tried again for longer than a probe waits. */
  private askMaster(): Promise<void> {
    this.asking ??= this.sources
      .checkTables()
      .then((problems) => {
        this.schema = { at: performance.now(), problems }
        this.masterFailure = null
      })
      .finally(() => {
        this.asking = undefined
      })
    return this.asking
  }
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreError('timeout', `no answer in ${ms} ms`, true)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

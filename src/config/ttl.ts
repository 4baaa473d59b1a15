import { TABLES } from '../row/tables.js'
import { FOREVER_SECONDS, formatSeconds, parseSeconds } from './quantity.js'
import type { Setting, SettingText } from './setting.js'

/** Seconds by table name. */
export type TableTtls = Readonly<Record<string, number>>

const NAMES = TABLES.map((t) => t.name)

/** What the embedded store keeps shorter than the schema says: one disk has to hold it. */
const EMBEDDED_TTL: TableTtls = { Traces: 7 * 86_400, ApplicationTraceIndex: 7 * 86_400 }

/** Tables that a trace is shown with: without their rows, names in the call tree are lost. */
const METADATA = ['ApiMetaData', 'SqlMetaData_Ver2', 'StringMetaData']

/** The table of a name that may be short (`traces`, `sql`); throws an Error that says why there is none. */
export function tableByShortName(short: string): string {
  const lower = short.toLowerCase()
  const exact = NAMES.find((name) => name.toLowerCase() === lower)
  if (exact !== undefined) return exact
  const found = lower === '' ? [] : NAMES.filter((name) => name.toLowerCase().startsWith(lower))
  if (found.length === 1) return found[0]
  if (found.length > 1) throw new Error(`"${short}" may be ${found.join(' or ')}: write more of the name`)
  throw new Error(`there is no table "${short}": the tables are ${NAMES.join(', ')}`)
}

function parseTtls(text: string): TableTtls {
  const ttls: Record<string, number> = {}
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const at = part.indexOf('=')
    if (at < 0) throw new Error(`"${part.trim()}" has no "=": write TABLE=DURATION`)
    const name = tableByShortName(part.slice(0, at).trim())
    const seconds = parseSeconds(part.slice(at + 1).trim())
    if (seconds === undefined || seconds < 1 || seconds > FOREVER_SECONDS) {
      throw new Error(
        `"${part.slice(at + 1).trim()}" is no time for ${name}: write such as 7d, 12h, plain seconds, or forever`,
      )
    }
    ttls[name] = seconds
  }
  return ttls
}

function formatTtls(ttls: TableTtls): string {
  return Object.entries(ttls)
    .map(([name, seconds]) => `${name}=${formatSeconds(seconds)}`)
    .join(',')
}

/** A setting of times to live by table; sources add up, the later one wins for each table. */
export function tableTtls(name: string, text: SettingText & { initialText: string }): Setting<TableTtls> {
  return {
    ...text,
    name,
    type: 'table times',
    unit: 's',
    initial: {},
    allowed: 'TABLE=DURATION with commas between, such as traces=7d,sql=180d; names may be shortened',
    parse: parseTtls,
    format: formatTtls,
    merge: (older, newer) => ({ ...older, ...newer }),
  }
}

/** All 14 tables: what was given, then the store's default, then the schema's. The index of traces follows Traces. */
export function completeTtls(given: TableTtls, store: string): TableTtls {
  const defaults: TableTtls = {
    ...(store === 'embedded' ? EMBEDDED_TTL : {}),
    ...(given.Traces === undefined ? {} : { ApplicationTraceIndex: given.Traces }),
  }
  return Object.fromEntries(TABLES.map((t) => [t.name, given[t.name] ?? defaults[t.name] ?? t.ttl]))
}

/** Why these times cannot work together; undefined when they can. */
export function ttlProblem(ttls: TableTtls): string | undefined {
  for (const name of METADATA) {
    if (ttls[name] >= ttls.Traces) continue
    return (
      `${name}=${formatSeconds(ttls[name])} is shorter than Traces=${formatSeconds(ttls.Traces)}: ` +
      `traces would outlive the names they are shown with. Raise ${name} to ${formatSeconds(ttls.Traces)} or more, or lower Traces`
    )
  }
  return undefined
}

/** What is allowed but hardly meant. */
export function ttlWarning(ttls: TableTtls): string | undefined {
  if (ttls.ApplicationTraceIndex <= ttls.Traces) return undefined
  return (
    `ttl: ApplicationTraceIndex=${formatSeconds(ttls.ApplicationTraceIndex)} outlives Traces=${formatSeconds(ttls.Traces)}: ` +
    'the scatter chart will show dots that cannot be opened; give both the same time'
  )
}

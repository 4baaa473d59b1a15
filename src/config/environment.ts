import { type Findings, giveFromFile, noFindings } from './given.js'
import { nearest } from './nearest.js'
import { SETTING_KEYS, type SettingKey, settingOf } from './schema.js'
import { environmentName } from './setting.js'
import { whyUnusedEnvironment } from './unused-keys.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment variable that names settings files, with commas between. */
export const CONFIG_ENVIRONMENT = 'PINPOINT_CONFIG'

interface Known {
  key: SettingKey
  foreign: boolean
  /** the variable names a file that holds the value */
  file: boolean
}

function knownVariables(): Map<string, Known> {
  const known = new Map<string, Known>()
  for (const key of SETTING_KEYS) {
    const setting = settingOf(key)
    const name = environmentName(setting.name)
    known.set(name, { key, foreign: false, file: false })
    if (setting.secret) known.set(`${name}_FILE`, { key, foreign: false, file: true })
    for (const docker of setting.docker ?? []) known.set(docker, { key, foreign: true, file: false })
  }
  return known
}

const KNOWN = knownVariables()

const PREFIX = 'PINPOINT_'
const OWN_NAMES = [...KNOWN.keys()].filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length))

/** What Kubernetes and Docker links set by themselves for a service called "pinpoint…" or "hbase". */
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?$/
const SERVICE_LINK_VALUE = /^(tcp|udp):\/\//

/** Reads PINPOINT_… and the names of upstream's Docker image; an empty variable counts as absent. */
export function readEnvironment(environment: Environment): Findings {
  const found = noFindings()
  for (const [name, value] of Object.entries(environment)) {
    const text = value?.trim() ?? ''
    if (text === '') continue
    const known = KNOWN.get(name)
    const source = `environment ${name}`
    if (known === undefined) addUnknown(found, name, text)
    else if (SERVICE_LINK_VALUE.test(text)) {
      found.notices.push(`${source} has no effect: "${text}" is what Kubernetes or a Docker link sets for a service`)
    } else if (known.file) giveFromFile(found, known.key, text, source)
    else found.given.push({ key: known.key, text, source, foreign: known.foreign })
  }
  return found
}

function addUnknown(found: Findings, name: string, text: string): void {
  const why = whyUnusedEnvironment(name)
  if (why !== undefined) {
    found.notices.push(`environment ${name} has no effect: ${why}`)
    return
  }
  if (!name.startsWith(PREFIX) || name === CONFIG_ENVIRONMENT) return
  if (SERVICE_LINK_VALUE.test(text) || SERVICE_LINK.test(name)) return
  const near = nearest(name.slice(PREFIX.length), OWN_NAMES)
  const hint = near === undefined ? 'see docs/reference/settings.md' : `did you mean ${PREFIX}${near}?`
  found.warnings.push(`unknown environment variable ${name} is ignored: ${hint}`)
}

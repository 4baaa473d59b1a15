import { isIP } from 'node:net'
import { SettingsError } from '../errors.js'
import { workerCount } from '../worker/count.js'
import type { Origins } from './resolve.js'
import { type SettingKey, type Settings, settingOf } from './schema.js'
import { ttlProblem, ttlWarning } from './ttl.js'

/** Pairs of sizes or times of which the first may not be larger. */
const ORDERED: [SettingKey, SettingKey][] = [
  ['batchMaxBytes', 'batchMaxQueueBytes'],
  ['batchMaxMessageBytes', 'batchMaxQueueBytes'],
  ['storeRetryInitialMs', 'storeRetryMaxMs'],
]

/** Pairs of ports that two sockets of the same protocol would share. */
const APART: [SettingKey, SettingKey, protocol: string][] = [
  ['statPort', 'spanPort', 'UDP'],
  ['tcpPort', 'httpPort', 'TCP'],
]

function shown(settings: Settings, origins: Origins, key: SettingKey): string {
  const setting = settingOf(key)
  return `${setting.name}=${setting.format(settings[key])} (${origins[key] ?? 'default'})`
}

/** What is wrong between settings that are right each for itself. */
export function crossProblems(settings: Settings, origins: Origins): SettingsError[] {
  const problems: SettingsError[] = []
  const add = (key: SettingKey, message: string): void => {
    problems.push(new SettingsError(message, settingOf(key).name))
  }
  for (const [small, large] of ORDERED) {
    if (Number(settings[small]) <= Number(settings[large])) continue
    const allowed = `allowed: at most ${settingOf(large).name}`
    add(small, `${shown(settings, origins, small)} is more than ${shown(settings, origins, large)}; ${allowed}`)
  }
  for (const [a, b, protocol] of APART) {
    if (settings[a] !== settings[b] || settings[a] === 0) continue
    const cure = `allowed: two different ${protocol} ports, or 0 for any free one`
    add(b, `${shown(settings, origins, a)} and ${shown(settings, origins, b)} are the same ${protocol} port; ${cure}`)
  }
  const ttl = ttlProblem(settings.ttlSeconds)
  if (ttl !== undefined) add('ttlSeconds', `ttl (${origins.ttlSeconds ?? 'default'}): ${ttl}`)
  return problems
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** Some large batches for each worker. */
function leastSpill(settings: Settings): number {
  return 16 * settings.batchMaxBytes * workerCount(settings)
}

/** What works, but hardly as meant. */
export function crossWarnings(settings: Settings): string[] {
  const warnings: string[] = []
  if (settings.httpPassword === null && !isLoopback(settings.httpHost)) {
    warnings.push(
      `http.host=${settings.httpHost}: whoever reaches port ${settings.httpPort} can read traces and SQL; set http.password (PINPOINT_HTTP_PASSWORD_FILE)`,
    )
  }
  if (settings.store === 'hbase' && settings.maxSizeBytes !== null) {
    warnings.push('maxSizeBytes has no effect on HBase; set ttl when tables are created')
  }
  if (settings.store === 'hbase' && settings.spillMaxBytes > 0 && settings.spillMaxBytes < leastSpill(settings)) {
    warnings.push(
      `spill.maxBytes=${settings.spillMaxBytes} holds few batches: make it at least ${leastSpill(settings)}, or 0 for none`,
    )
  }
  const ttl = ttlWarning(settings.ttlSeconds)
  if (ttl !== undefined) warnings.push(ttl)
  return warnings
}

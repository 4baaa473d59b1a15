import { isIP } from 'node:net'
import { formatBytes, formatMs, parseBytes, parseMs, parseWhole } from './quantity.js'

export const SECTIONS = [
  'Store',
  'HBase',
  'Spill',
  'Receivers',
  'Batching',
  'Statistics',
  'Queries',
  'HTTP',
  'Broker',
  'Process',
] as const
export type Section = (typeof SECTIONS)[number]

/** Commands whose --help lists an option; every command reads every setting. */
export type OptionScope = 'all' | 'start' | 'web' | 'tables' | 'ports' | 'broker'

/** What stands beside the type of a setting. */
export interface SettingText {
  section: Section
  /** one sentence for the operator */
  help: string
  /** names in pinpoint-collector.properties and hbase.properties: 1.5.2's first, then later ones */
  legacy?: readonly string[]
  /** names in the environment of upstream's Docker images */
  docker?: readonly string[]
  /** commander flags, where there is an option of its own */
  option?: string
  /** commands that have the option */
  scope?: readonly OptionScope[]
}

/** One setting: all that parsing, checking, --help and the reference page need. */
export interface Setting<T> extends SettingText {
  /** dotted name in files */
  name: string
  type: string
  unit?: 'bytes' | 'ms' | 's'
  initial: T
  /** how the default reads when it depends on other settings */
  initialText?: string
  /** what may be written, for messages and docs */
  allowed: string
  secret?: boolean
  /** undefined or a thrown Error: not allowed */
  parse(text: string): T | undefined
  format(value: T): string
  /** joins the values of two sources, where the later one does not replace the earlier */
  merge?(older: T, newer: T): T
}

/** The environment name: udp.receiveBufferBytes → PINPOINT_UDP_RECEIVE_BUFFER_BYTES. */
export function environmentName(name: string): string {
  return `PINPOINT_${name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toUpperCase()}`
}

interface Range {
  min: number
  max: number
}

type RangeText = SettingText & Range

function inRange(value: number | undefined, range: Range): number | undefined {
  return value !== undefined && value >= range.min && value <= range.max ? value : undefined
}

export function choice<const C extends readonly string[]>(
  name: string,
  values: C,
  initial: C[number],
  text: SettingText,
): Setting<C[number]> {
  const parse = (given: string): C[number] | undefined => values.find((v) => v === given.toLowerCase())
  return { ...text, name, type: 'choice', initial, allowed: values.join(', '), parse, format: (v) => v }
}

export function words(
  name: string,
  initial: string,
  { pattern = /./, allowed = 'text', ...text }: SettingText & { pattern?: RegExp; allowed?: string },
): Setting<string> {
  const parse = (given: string): string | undefined => (pattern.test(given) ? given : undefined)
  return { ...text, name, type: 'text', initial, allowed, parse, format: (v) => v }
}

/** An address of this machine to listen on. */
export function address(name: string, initial: string, text: SettingText): Setting<string> {
  const allowed = 'an IP address or host name of this machine, such as 0.0.0.0 or 127.0.0.1'
  return words(name, initial, { ...text, pattern: /^[A-Za-z0-9._:-]+$/, allowed })
}

export function secret(name: string, text: SettingText): Setting<string | null> {
  return {
    ...text,
    name,
    type: 'text',
    initial: null,
    allowed: `text; better in a file named by ${environmentName(name)}_FILE`,
    secret: true,
    parse: (given) => given,
    format: (v) => (v === null ? 'not set' : '***'),
  }
}

export function flag(name: string, initial: boolean, text: SettingText & { initialText?: string }): Setting<boolean> {
  const parse = (given: string): boolean | undefined => {
    const lower = given.toLowerCase()
    if (['true', 'yes', 'on', '1'].includes(lower)) return true
    return ['false', 'no', 'off', '0'].includes(lower) ? false : undefined
  }
  return { ...text, name, type: 'boolean', initial, allowed: 'true or false', parse, format: String }
}

export function count(name: string, initial: number, { min, max, ...text }: RangeText): Setting<number> {
  const range = { min, max }
  const allowed = `a whole number from ${min} to ${max}`
  return {
    ...text,
    name,
    type: 'number',
    initial,
    allowed,
    parse: (v) => inRange(parseWhole(v), range),
    format: String,
  }
}

export function port(name: string, initial: number, text: SettingText): Setting<number> {
  const parse = (given: string): number | undefined => inRange(parseWhole(given), { min: 0, max: 65535 })
  return {
    ...text,
    name,
    type: 'port',
    initial,
    allowed: 'a port from 0 (any free one) to 65535',
    parse,
    format: String,
  }
}

export function bytes(name: string, initial: number, { min, max, ...text }: RangeText): Setting<number> {
  const range = { min, max }
  const allowed = `a size from ${formatBytes(min)} to ${formatBytes(max)}, such as 64MiB or plain bytes`
  const parse = (given: string): number | undefined => inRange(parseBytes(given), range)
  return { ...text, name, type: 'size', unit: 'bytes', initial, allowed, parse, format: formatBytes }
}

export function duration(name: string, initial: number, { min, max, ...text }: RangeText): Setting<number> {
  const range = { min, max }
  const allowed = `a duration from ${formatMs(min)} to ${formatMs(max)}, such as 500ms, 1s or plain milliseconds`
  const parse = (given: string): number | undefined => inRange(parseMs(given), range)
  return { ...text, name, type: 'duration', unit: 'ms', initial, allowed, parse, format: formatMs }
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

const formatList = (values: readonly string[]): string => values.join(',')

export function addresses(name: string, text: SettingText): Setting<readonly string[]> {
  const parse = (given: string): string[] | undefined => {
    const list = splitList(given)
    return list.every((address) => isIP(address) !== 0) ? list : undefined
  }
  const allowed = 'IP addresses with commas between'
  return { ...text, name, type: 'list', initial: [], allowed, parse, format: formatList }
}

/** Hosts of other machines, none of them twice. */
export function hosts(name: string, text: SettingText): Setting<readonly string[]> {
  const parse = (given: string): string[] | undefined => {
    const list = splitList(given)
    const valid = list.every((host) => isIP(host) !== 0 || HOST_NAME.test(host))
    return valid && list.length > 0 && new Set(list).size === list.length ? list : undefined
  }
  const allowed = 'IP addresses or host names with commas between, each once'
  return { ...text, name, type: 'list', initial: [], allowed, parse, format: formatList }
}

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/

const HOST_PORT = /^(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/

/** ZooKeeper servers; one without a port gets hbase.port later. */
export function quorum(name: string, initial: string, text: SettingText): Setting<readonly string[]> {
  const valid = (server: string): boolean => {
    const match = HOST_PORT.exec(server)
    return match !== null && (match[1] === undefined || (Number(match[1]) > 0 && Number(match[1]) <= 65535))
  }
  const parse = (given: string): string[] | undefined => {
    const list = splitList(given)
    return list.length > 0 && list.every(valid) ? list : undefined
  }
  const allowed = 'host:port with commas between, such as zk1:2181,zk2:2181'
  return { ...text, name, type: 'list', initial: [initial], allowed, parse, format: formatList }
}

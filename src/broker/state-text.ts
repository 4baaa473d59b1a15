import { createHash } from 'node:crypto'
import { BrokerState, type ServiceBinding, type ServiceInstance } from './broker-state.js'

// file     => header LF (record LF)*
// header   => {"format":"pinpoint-broker","version":1,"records":N,"sha256":HEX}      of all bytes behind the header's LF
// record   => {"instance":{…}} | {"binding":{…}}                                      instances before bindings
//
// One line a record, so that people can read it; the checksum finds every damage, an edit by hand too.

const FORMAT = 'pinpoint-broker'
const VERSION = 1

interface Header {
  format: string
  version: number
  records: number
  sha256: string
}

type StoredRecord = { instance: ServiceInstance } | { binding: ServiceBinding }

const checksum = (text: string): string => createHash('sha256').update(text).digest('hex')

const textByRecord = new WeakMap<ServiceInstance | ServiceBinding, string>()

/** The line of a record; records never change, so each is written once. */
function line(record: ServiceInstance | ServiceBinding, kind: 'instance' | 'binding'): string {
  const known = textByRecord.get(record)
  if (known !== undefined) return known
  const text = `${JSON.stringify({ [kind]: record })}\n`
  textByRecord.set(record, text)
  return text
}

export function encodeState(state: BrokerState): string {
  const lines: string[] = []
  for (const instance of state.instances.values()) lines.push(line(instance, 'instance'))
  for (const binding of state.bindings.values()) lines.push(line(binding, 'binding'))
  const body = lines.join('')
  const header: Header = { format: FORMAT, version: VERSION, records: lines.length, sha256: checksum(body) }
  return `${JSON.stringify(header)}\n${body}`
}

/** Reads what encodeState wrote; throws an Error that says what is wrong with it. */
export function decodeState(text: string): BrokerState {
  const end = text.indexOf('\n')
  if (end < 0) throw new Error('its first line is incomplete')
  const header = parseHeader(text.slice(0, end))
  const body = text.slice(end + 1)
  if (checksum(body) !== header.sha256) throw new Error('its checksum does not fit')
  const lines = body === '' ? [] : body.slice(0, -1).split('\n')
  const state = new BrokerState()
  for (const record of lines.map((l) => JSON.parse(l) as StoredRecord)) {
    if ('instance' in record) state.addInstance(record.instance)
    else state.addBinding(record.binding)
  }
  state.changed = false
  return state
}

function parseHeader(text: string): Header {
  let header: Partial<Header> | null
  try {
    header = JSON.parse(text) as Partial<Header> | null
  } catch {
    header = null
  }
  if (header?.format !== FORMAT) throw new Error('its first line is not that of a broker state')
  if (header.version !== VERSION) throw new Error(`its version is ${header.version}, this program reads ${VERSION}`)
  return header as Header
}

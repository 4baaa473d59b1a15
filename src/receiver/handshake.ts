import { type ControlMap, type ControlValue, encodeControlMap } from './control-map.js'
import { encodeIdPayload, PacketType } from './frame.js'

/** What an agent says of itself (spec: wire.md §1.5). Neither ids nor lengths are checked here. */
export interface HandshakeProperties {
  readonly agentId: string
  readonly applicationName: string
  readonly hostName: string
  readonly ip: string
  readonly version: string
  readonly serviceType: number
  readonly pid: number
  /** ms; identifies the run of the agent */
  readonly startTimestamp: bigint
  readonly supportServer: boolean
  /** counts the connections of one agent run; undefined before 1.5 */
  readonly socketId: number | undefined
  /** command type codes that the agent serves; undefined before 1.6.1, when it does not tell */
  readonly supportCommandList: readonly number[] | undefined
}

/** The properties, or undefined when a required one is missing or of the wrong type. */
export function readProperties(map: ControlMap): HandshakeProperties | undefined {
  const agentId = map.get('agentId')
  const applicationName = map.get('applicationName')
  const hostName = map.get('hostName')
  const ip = map.get('ip')
  const version = map.get('version')
  const serviceType = map.get('serviceType')
  const pid = map.get('pid')
  const startTimestamp = map.get('startTimestamp')
  if (typeof agentId !== 'string' || typeof applicationName !== 'string') return undefined
  if (typeof hostName !== 'string' || typeof ip !== 'string' || typeof version !== 'string') return undefined
  if (typeof serviceType !== 'number' || typeof pid !== 'number' || typeof startTimestamp !== 'bigint') return undefined
  return {
    agentId,
    applicationName,
    hostName,
    ip,
    version,
    serviceType,
    pid,
    startTimestamp,
    supportServer: map.get('supportServer') !== false,
    socketId: readSocketId(map),
    supportCommandList: readCommands(map.get('supportCommandList')),
  }
}

const REQUIRED: Readonly<Record<string, string>> = {
  agentId: 'string',
  applicationName: 'string',
  hostName: 'string',
  ip: 'string',
  version: 'string',
  serviceType: 'number',
  pid: 'number',
  startTimestamp: 'bigint',
}

/** Names of the required properties that are missing or of the wrong type. */
export function missingProperties(map: ControlMap): string[] {
  return Object.keys(REQUIRED).filter((key) => typeof map.get(key) !== REQUIRED[key])
}

/** Also of a map that is otherwise refused: it tells which form of ping the client sends. */
export function readSocketId(map: ControlMap): number | undefined {
  const socketId = map.get('socketId')
  return typeof socketId === 'number' ? socketId : undefined
}

function readCommands(value: ControlValue | undefined): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter((item): item is number => typeof item === 'number')
}

/** True for the agents of before 1.7, whose servers never closed a connection for want of pings. */
export function isBefore17(version: string): boolean {
  const numbers = /^(\d+)\.(\d+)/.exec(version)
  if (!numbers) return false
  const major = Number(numbers[1])
  return major < 1 || (major === 1 && Number(numbers[2]) < 7)
}

export interface HandshakeResult {
  readonly code: number
  readonly subCode: number
}

export const SIMPLEX: HandshakeResult = { code: 0, subCode: 1 }
export const DUPLEX: HandshakeResult = { code: 0, subCode: 2 }
export const ALREADY_SIMPLEX: HandshakeResult = { code: 1, subCode: 1 }
export const ALREADY_DUPLEX: HandshakeResult = { code: 1, subCode: 2 }
export const PROPERTY_ERROR: HandshakeResult = { code: 2, subCode: 0 }

export function encodeHandshakeResponse(requestId: number, result: HandshakeResult): Buffer {
  const map = new Map<string, ControlValue>([
    ['code', result.code],
    ['subCode', result.subCode],
  ])
  return encodeIdPayload(PacketType.handshakeResponse, requestId, encodeControlMap(map))
}

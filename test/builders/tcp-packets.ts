import { type ControlValue, encodeControlMap } from '../../src/receiver/control-map.js'
import { encodeIdPayload, PacketType } from '../../src/receiver/frame.js'

/** TResult(true) behind its header. */
export const RESULT_TRUE: Buffer = Buffer.from('ef1001401100', 'hex')

export function handshake(changes: Record<string, ControlValue | undefined> = {}): Buffer {
  const all: Record<string, ControlValue | undefined> = {
    agentId: 'agent-1',
    applicationName: 'APP',
    hostName: 'host-1',
    ip: '10.0.0.1',
    version: '1.8.5',
    serviceType: 1010,
    pid: 4242,
    startTimestamp: 1460000000000n,
    supportServer: true,
    socketId: 1,
    ...changes,
  }
  const map = new Map<string, ControlValue>()
  for (const [key, value] of Object.entries(all)) if (value !== undefined) map.set(key, value)
  return encodeIdPayload(PacketType.handshake, 0, encodeControlMap(map))
}

export function request(requestId: number, payload: Buffer = Buffer.from('q')): Buffer {
  return encodeIdPayload(PacketType.request, requestId, payload)
}

export function response(requestId: number, payload: Buffer = RESULT_TRUE): Buffer {
  return encodeIdPayload(PacketType.response, requestId, payload)
}

/** The answer to handshake(). */
export const DUPLEX_ANSWER: Buffer = Buffer.from(
  '0097000000000000001b4d5304636f646549000000005307737562436f646549000000027a',
  'hex',
)

export function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

import { TIME_BYTES, writeTime, writeVarint } from './varint.js'

const ID_DIGITS = 5
const APPLICATION_DIGITS = 4
const AGENTS_AN_APPLICATION = 10

export const AGENT_ID_BYTES = 'bench-'.length + ID_DIGITS
export const APPLICATION_BYTES = 'BENCH-'.length + APPLICATION_DIGITS

/** What one simulated agent is called, and the bytes of it that its datagrams carry. */
export interface Identity {
  number: number
  agentId: string
  applicationName: string
  startTime: number
  idBytes: Buffer
  applicationBytes: Buffer
  /** as an i64 field */
  startField: Buffer
  /** as it stands in a transaction id */
  startPlain: Buffer
}

/** The agents first, first + step, … below count: those of one generator process. */
export function agentsOf(first: number, step: number, count: number, run: number): Identity[] {
  const agents: Identity[] = []
  for (let n = first; n < count; n += step) agents.push(identity(n, run))
  return agents
}

/** All names are of one length, so that they can be patched. @param run start time of the first agent, ms */
export function identity(number: number, run: number): Identity {
  const agentId = `bench-${String(number).padStart(ID_DIGITS, '0')}`
  const application = String(Math.floor(number / AGENTS_AN_APPLICATION)).padStart(APPLICATION_DIGITS, '0')
  const applicationName = `BENCH-${application}`
  const startTime = run + number
  const startField = Buffer.alloc(TIME_BYTES)
  writeTime(startField, 0, startTime)
  const startPlain = Buffer.alloc(TIME_BYTES)
  writeVarint(startPlain, 0, startTime, TIME_BYTES)
  return {
    number,
    agentId,
    applicationName,
    startTime,
    idBytes: Buffer.from(agentId),
    applicationBytes: Buffer.from(applicationName),
    startField,
    startPlain,
  }
}

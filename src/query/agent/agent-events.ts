import { BadRequest } from '../bad-request.js'
import { checkRange, type Query, rowOf, rowsOf, TABLE } from '../context.js'
import { eventKey, readEvents, type StoredEvent } from '../read/agent-event.js'
import type { TimeRange } from '../time-range.js'
import { type ThreadDumpJson, threadDumpJson } from './thread-dump.js'

/** Kinds of events (spec: storage.md §7.3); the state that a `lasting` one begins lasts until the next one. */
const KINDS: Record<number, { desc: string; lasting: boolean; message: 'none' | 'text' | 'thread dump' }> = {
  10100: { desc: 'Agent connected', lasting: true, message: 'none' },
  10199: { desc: 'Agent ping', lasting: false, message: 'none' },
  10200: { desc: 'Agent shutdown', lasting: true, message: 'none' },
  10201: { desc: 'Agent unexpected shutdown', lasting: true, message: 'none' },
  10300: { desc: 'Agent connection closed by server', lasting: true, message: 'none' },
  10301: { desc: 'Agent connection unexpectedly closed by server', lasting: true, message: 'none' },
  20100: { desc: 'Thread dump by user', lasting: false, message: 'thread dump' },
  [-1]: { desc: 'Other event', lasting: false, message: 'text' },
}

export interface AgentEventJson {
  agentId: string
  eventTimestamp: number
  eventTypeCode: number
  eventTypeDesc: string
  hasEventMessage: boolean
  startTimestamp: number
  eventMessage?: string | ThreadDumpJson
  /** of lasting ones: when it began, and when the next one did (-1: it still lasts); ms */
  durationStartTimestamp?: number
  durationEndTimestamp?: number
}

function eventJson({ agentId, eventTimestamp, startTimestamp, code }: StoredEvent): AgentEventJson {
  const { desc, message } = KINDS[code]
  const kind = { eventTypeCode: code, eventTypeDesc: desc, hasEventMessage: message !== 'none' }
  return { agentId, eventTimestamp, ...kind, startTimestamp }
}

/** Events of an agent behind `from` until `to`, oldest first. @param without codes that are left out */
export async function agentEvents(
  query: Query,
  agentId: string,
  range: TimeRange,
  without: readonly number[],
): Promise<AgentEventJson[]> {
  checkRange(query, range)
  const found: StoredEvent[] = []
  const keys = { start: eventKey(agentId, range.to), stop: eventKey(agentId, range.from) }
  for await (const row of rowsOf(query, TABLE.agentEvent, keys)) {
    found.push(...readEvents(row).filter(({ code }) => code in KINDS && !without.includes(code)))
  }
  found.sort((a, b) => a.eventTimestamp - b.eventTimestamp || b.code - a.code)
  const events = found.map(eventJson)
  const lasting = events.filter(({ eventTypeCode }) => KINDS[eventTypeCode].lasting)
  for (const [i, event] of lasting.entries()) {
    event.durationStartTimestamp = event.eventTimestamp
    event.durationEndTimestamp = lasting[i + 1]?.eventTimestamp ?? -1
  }
  return events
}

/** One event with its message; null: there is none at that time. */
export async function agentEvent(
  query: Query,
  agentId: string,
  time: number,
  code: number,
): Promise<AgentEventJson | null> {
  if (!(code in KINDS)) throw new BadRequest('bad_event_type', `there is no type ${code} of events`)
  const row = await rowOf(query, TABLE.agentEvent, eventKey(agentId, time))
  const found = row === undefined ? undefined : readEvents(row).find((event) => event.code === code)
  if (found === undefined) return null
  const { message } = KINDS[code]
  const event = eventJson(found)
  if (message === 'text') return { ...event, eventMessage: found.body.toString('utf8') }
  const dump = message === 'thread dump' ? threadDumpJson(found.body) : null
  return dump === null ? event : { ...event, eventMessage: dump }
}

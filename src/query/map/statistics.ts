import type { Table } from '../../row/tables.js'
import type { UnsaltedRange } from '../../store/store.js'
import { type Application, application } from '../application.js'
import { type Query, rowsOf, TABLE } from '../context.js'
import { type AcceptingApplication, hostMapKey, readHostMap } from '../read/host-application-map.js'
import {
  readCount,
  readIncoming,
  readMinute,
  readOutgoing,
  readResponses,
  statisticsKey,
} from '../read/map-statistics.js'
import { type HistogramSchema, isUser } from '../service-types.js'
import { histogramWindow, minuteOf, slotOf, type TimeRange } from '../time-range.js'
import { addSlot, histogramAt, type TimeHistograms } from './histogram.js'
import { type LinkMap, linkOf, seriesOf } from './link-calls.js'

const MINUTE = 60_000

/** Minutes from that of `from` to that of `to`, both with. */
function minutesOf(of: Application, { from, to }: TimeRange): UnsaltedRange {
  return { start: statisticsKey(of, minuteOf(to)), stop: statisticsKey(of, minuteOf(from) - 1) }
}

/** Where the counts of a column go. */
interface Place {
  times: TimeHistograms
  schema: HistogramSchema
  slot: number
}

/** Adds up all counts of an application. Columns return every minute: each is decoded once. */
async function addCounts(
  query: Query,
  table: Table,
  of: Application,
  range: TimeRange,
  slotMs: number,
  placeOf: (column: Buffer) => Place,
): Promise<void> {
  const places = new Map<string, Place>()
  for await (const row of rowsOf(query, table, minutesOf(of, range))) {
    const time = slotOf(readMinute(row), slotMs)
    for (const { qualifier, value } of row.cells) {
      const column = qualifier.toString('latin1')
      let place = places.get(column)
      if (place === undefined) places.set(column, (place = placeOf(qualifier)))
      addSlot(histogramAt(place.times, time), place.schema, place.slot, readCount(value))
    }
  }
}

/** The links that begin at an application, in the slots of the range's window. */
export async function outgoingLinks(query: Query, from: Application, range: TimeRange): Promise<LinkMap> {
  const links: LinkMap = new Map()
  await addCounts(query, TABLE.callee, from, range, histogramWindow(range).slot, (column) => {
    const { callee, host, callerAgent, slot } = readOutgoing(column)
    const { calls } = linkOf(links, from, callee)
    const target = host === '' ? callee.name : host
    const { times } = seriesOf(calls, callerAgent, from.type, target, callee.type)
    return { times, schema: callee.type.schema, slot }
  })
  return links
}

/** The links that end at an application. Its users become an application of its name and type. */
export async function incomingLinks(query: Query, to: Application, range: TimeRange): Promise<LinkMap> {
  const links: LinkMap = new Map()
  await addCounts(query, TABLE.caller, to, range, histogramWindow(range).slot, (column) => {
    const { caller: stored, host, slot } = readIncoming(column)
    const name = isUser(stored.type) ? `${stored.name}_${to.type.name}` : stored.name
    const caller = application(name, stored.type.code)
    const { calls } = linkOf(links, caller, to)
    const { times } = seriesOf(calls, name, caller.type, host, to.type)
    return { times, schema: to.type.schema, slot }
  })
  return links
}

/** Responses of an application over time (minutes), by agent. */
export async function responsesByAgent(
  query: Query,
  of: Application,
  range: TimeRange,
): Promise<Map<string, TimeHistograms>> {
  const agents = new Map<string, TimeHistograms>()
  await addCounts(query, TABLE.self, of, range, MINUTE, (column) => {
    const { agentId, slot } = readResponses(column)
    const times: TimeHistograms = agents.get(agentId) ?? new Map()
    agents.set(agentId, times)
    return { times, schema: of.type.schema, slot }
  })
  return agents
}

/** Under which hosts the applications called by `parent` answered: rows behind the minute of `from`, as the original reads. */
export async function acceptingApplications(
  query: Query,
  parent: Application,
  { from, to }: TimeRange,
): Promise<AcceptingApplication[]> {
  const range = { start: hostMapKey(parent, minuteOf(to) + 1), stop: hostMapKey(parent, minuteOf(from)) }
  const found: AcceptingApplication[] = []
  for await (const row of rowsOf(query, TABLE.hostMap, range)) found.push(...readHostMap(row))
  return found
}

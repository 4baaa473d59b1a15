import type { Table } from '../../row/tables.js'
import type { StoredRow, UnsaltedRange } from '../../store/store.js'
import { type Application, application } from '../application.js'
import { type Query, rowsOf, TABLE } from '../context.js'
import { type AcceptingApplication, hostMapKey, readHostMap } from '../read/host-application-map.js'
import { readIncoming, readOutgoing, readResponses, type StatisticsRow, statisticsKey } from '../read/map-statistics.js'
import { isUser } from '../service-types.js'
import { histogramWindow, minuteOf, slotOf, type TimeRange } from '../time-range.js'
import { addSlot, histogramAt, type TimeHistograms } from './histogram.js'
import { callsAt, type LinkMap, linkOf } from './link-calls.js'

/** Minutes from that of `from` to that of `to`, both with. */
function minutesOf(of: Application, { from, to }: TimeRange): UnsaltedRange {
  return { start: statisticsKey(of, minuteOf(to)), stop: statisticsKey(of, minuteOf(from) - 1) }
}

async function* statisticsOf<Call>(
  query: Query,
  table: Table,
  of: Application,
  range: TimeRange,
  read: (row: StoredRow) => StatisticsRow<Call>,
): AsyncGenerator<StatisticsRow<Call>> {
  for await (const row of rowsOf(query, table, minutesOf(of, range))) yield read(row)
}

/** The links that begin at an application, in the slots of the range's window. */
export async function outgoingLinks(query: Query, from: Application, range: TimeRange): Promise<LinkMap> {
  const links: LinkMap = new Map()
  const { slot: width } = histogramWindow(range)
  for await (const row of statisticsOf(query, TABLE.callee, from, range, readOutgoing)) {
    const time = slotOf(row.time, width)
    for (const { callee, host, callerAgent, slot, count } of row.calls) {
      const { calls } = linkOf(links, row.application, callee)
      const target = host === '' ? callee.name : host
      const histogram = callsAt(calls, callerAgent, row.application.type, target, callee.type, time)
      addSlot(histogram, callee.type.schema, slot, count)
    }
  }
  return links
}

/** The links that end at an application. Its users become an application of its name and type. */
export async function incomingLinks(query: Query, to: Application, range: TimeRange): Promise<LinkMap> {
  const links: LinkMap = new Map()
  const { slot: width } = histogramWindow(range)
  for await (const row of statisticsOf(query, TABLE.caller, to, range, readIncoming)) {
    const callee = row.application
    const time = slotOf(row.time, width)
    for (const { caller: stored, host, slot, count } of row.calls) {
      const name = isUser(stored.type) ? `${stored.name}_${callee.type.name}` : stored.name
      const caller = application(name, stored.type.code)
      const { calls } = linkOf(links, caller, callee)
      addSlot(callsAt(calls, name, caller.type, host, callee.type, time), callee.type.schema, slot, count)
    }
  }
  return links
}

/** Responses of an application over time (minutes), by agent. */
export async function responsesByAgent(
  query: Query,
  of: Application,
  range: TimeRange,
): Promise<Map<string, TimeHistograms>> {
  const agents = new Map<string, TimeHistograms>()
  for await (const row of statisticsOf(query, TABLE.self, of, range, readResponses)) {
    for (const { agentId, slot, count } of row.calls) {
      let times = agents.get(agentId)
      if (times === undefined) agents.set(agentId, (times = new Map()))
      addSlot(histogramAt(times, row.time), of.type.schema, slot, count)
    }
  }
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

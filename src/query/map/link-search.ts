import { type Application, applicationKey } from '../application.js'
import type { Query } from '../context.js'
import type { AcceptingApplication } from '../read/host-application-map.js'
import { isRpcClient, isUnknown, isWas, UNKNOWN_TYPE } from '../service-types.js'
import type { TimeRange } from '../time-range.js'
import { addCalls, addLink, type LinkData, type LinkMap, linkKey, seriesOf } from './link-calls.js'
import { acceptingApplications, incomingLinks, outgoingLinks } from './statistics.js'

/** How many steps a map goes from its application. */
export interface SearchDepth {
  /** along the calls */
  outgoing: number
  /** against them */
  incoming: number
}

/** What both ends of the calls have counted. */
export interface FoundLinks {
  /** by the caller */
  source: LinkMap
  /** by the callee */
  target: LinkMap
}

interface Search {
  query: Query
  range: TimeRange
  found: FoundLinks
  /** applications whose outgoing links were read */
  searched: Set<string>
  /** links to one of several applications behind the same host: their counts are the callee's */
  shared: LinkMap
  hosts: Map<string, Promise<AcceptingApplication[]>>
}

/** The links around an application, breadth first; what is of one depth is read at the same time. */
export async function searchLinks(
  query: Query,
  from: Application,
  range: TimeRange,
  depth: SearchDepth,
): Promise<FoundLinks> {
  const found: FoundLinks = { source: new Map(), target: new Map() }
  const search: Search = { query, range, found, searched: new Set(), shared: new Map(), hosts: new Map() }
  const seen = new Set<string>()
  let level = [from]
  for (let step = 0; level.length > 0; step++) {
    const fresh = level.filter((application) => !seen.has(applicationKey(application)))
    for (const application of fresh) seen.add(applicationKey(application))
    const next = await Promise.all(fresh.map((application) => searchFrom(search, application, step, depth)))
    level = [...new Map(next.flat().map((application) => [applicationKey(application), application])).values()]
  }
  if (search.shared.size > 0) {
    await addUnsearchedCallees(search)
    for (const link of found.source.values())
      if (search.shared.has(linkKey(link.from, link.to))) await countByCallee(search, link)
  }
  return found
}

/** Reads the links of one application. @returns the applications to go on with */
async function searchFrom(
  search: Search,
  application: Application,
  step: number,
  depth: SearchDepth,
): Promise<Application[]> {
  const { query, range, found } = search
  const next: Application[] = []
  const outgoing = async (): Promise<void> => {
    if (step >= depth.outgoing) return
    search.searched.add(applicationKey(application))
    for (const link of (await resolved(search, await outgoingLinks(query, application, range))).values()) {
      addLink(found.source, link)
      if (!link.to.type.terminal && !isUnknown(link.to.type)) next.push(link.to)
    }
  }
  const incoming = async (): Promise<void> => {
    if (step >= depth.incoming) return
    for (const link of (await incomingLinks(query, application, range)).values()) {
      addLink(found.target, link)
      next.push(link.from)
    }
  }
  await Promise.all([outgoing(), incoming()])
  return next
}

/** Calls to a host become links to the applications that answered there, or to an unknown one. */
async function resolved(search: Search, links: LinkMap): Promise<LinkMap> {
  const out: LinkMap = new Map()
  for (const link of links.values()) {
    const { from, to, calls } = link
    if (!isRpcClient(to.type)) {
      addLink(out, link)
      continue
    }
    const behind = await applicationsBehind(search, from, to.name)
    if (behind.length === 0) addLink(out, { from, to: { name: to.name, type: UNKNOWN_TYPE }, calls })
    for (const application of behind) {
      const accepted: LinkData = { from, to: application, calls }
      addLink(out, accepted)
      if (behind.length > 1) search.shared.set(linkKey(from, application), accepted)
    }
  }
  return out
}

async function applicationsBehind(search: Search, from: Application, host: string): Promise<Application[]> {
  const key = applicationKey(from)
  let reading = search.hosts.get(key)
  if (reading === undefined) search.hosts.set(key, (reading = acceptingApplications(search.query, from, search.range)))
  const behind = (await reading)
    .filter((accepting) => accepting.host === host)
    .map((accepting) => accepting.application)
  return [...new Map(behind.map((application) => [applicationKey(application), application])).values()]
}

/** Callees that the search did not come to: what was called of them from where it was. */
async function addUnsearchedCallees({ query, range, found, searched, shared }: Search): Promise<void> {
  const left = new Map<string, Application>()
  for (const { to } of shared.values()) if (!searched.has(applicationKey(to))) left.set(applicationKey(to), to)
  for (const application of left.values()) {
    for (const link of (await incomingLinks(query, application, range)).values()) {
      if (isWas(link.from.type) && searched.has(applicationKey(link.from))) addLink(found.target, link)
    }
  }
}

/** The caller cannot tell who of several answered: takes the counts of the callee instead. */
async function countByCallee({ query, range, found }: Search, link: LinkData): Promise<void> {
  const key = linkKey(link.from, link.to)
  const [before] = link.calls.values()
  link.calls = new Map()
  const counted = found.target.get(key) ?? (await incomingLinks(query, link.to, range)).get(key)
  for (const { target, targetType, times } of counted?.calls.values() ?? []) {
    const series = seriesOf(link.calls, target, targetType, before.target, before.targetType)
    addCalls(link.calls, new Map([['', { ...series, times }]]))
  }
}

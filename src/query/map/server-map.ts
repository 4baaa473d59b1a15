import type { Application } from '../application.js'
import { BadRequest } from '../bad-request.js'
import { checkRange, type Query } from '../context.js'
import type { TimeRange } from '../time-range.js'
import { type ApplicationMap, buildMap, emptyNodeHistogram } from './application-map.js'
import { type SearchDepth, searchLinks } from './link-search.js'
import { runningServers, serversOf } from './server-list.js'
import { responsesByAgent } from './statistics.js'

const MAX_DEPTH = 8

/** The map around an application; the application alone when nothing was called but agents of it run. */
export async function serverMap(
  query: Query,
  application: Application,
  range: TimeRange,
  depth: SearchDepth,
): Promise<ApplicationMap> {
  checkRange(query, range)
  for (const steps of [depth.outgoing, depth.incoming]) {
    if (steps < 0 || steps > MAX_DEPTH)
      throw new BadRequest('bad_depth', `callerRange and calleeRange go from 0 to ${MAX_DEPTH}, not ${steps}`)
  }
  const map = await buildMap(range, await searchLinks(query, application, range, depth), {
    responses: (node) => responsesByAgent(query, node, range),
    servers: (node, responding) => serversOf(query, node, responding, range.to),
  })
  if (map.nodes.length > 0) return map
  const servers = await runningServers(query, application, range.to)
  if (servers.length === 0) return map
  return { ...map, nodes: [{ application, histogram: emptyNodeHistogram(application), servers }] }
}

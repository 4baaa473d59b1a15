import type { Plain } from '../../test/builders/thrift-idl.js'
import type { MixMessage, MixTrace } from './mix.js'
import { eventsOf } from './mix-figures.js'

// The sample shop under seven minutes of visitors: the traces of mix.json, as often as they came there, and the two kinds
// of trace that only came there: one of 3,002 events and a statement with literals of 22 KB. Both are longer forms of
// what mix.json has: the same event again and again, the same list of literals continued.

/** Traces of each route in seven minutes of two agents of each version; digits of a path are N. */
const VISITS: Record<string, number> = {
  '/do/call': 839,
  '/do/hello': 662,
  '/do/async': 283,
  '/do/status': 232,
  '/do/slow': 194,
  '/do/deep': 192,
  '/web/users/N': 191,
  '/do/error': 187,
  '/do/job': 186,
  '(none)': 182,
  '/do/db': 165,
  '/do/many': 156,
  '/do/forward': 112,
  '/do/json': 108,
  '/do/dbslow': 105,
  '/do/manysql': 104,
  '/do/redis': 98,
  '/do/nothing': 96,
  '/do/dbfailout': 92,
  '/do/rollback': 88,
  '/do/bigsql': 82,
  '/do/caught': 80,
  '/do/senderror': 74,
  '/web/fail': 74,
  '/missing': 70,
  '/do/dbfail': 65,
}
const LONG_TRACES = { route: '/do/many', events: 3_002, visits: 80 }
const LONG_LITERALS = { route: '/do/bigsql', characters: 22_220, visits: 88 }
/** Visits that one trace of a round stands for: a round is about 600 traces. */
const VISITS_A_TRACE = 8

function routeOf({ datagrams }: MixTrace): string {
  const path = datagrams.find(({ message }) => message === 'TSpan')?.body.rpc
  return typeof path === 'string' ? path.replace(/\d+/g, 'N') : '(none)'
}

/** So many visits in the proportions of these traces, each at least once. */
function weighed(traces: readonly MixTrace[], visits: number): MixTrace[] {
  const recorded = traces.reduce((sum, { weight }) => sum + weight, 0)
  return traces.map((trace) => ({
    ...trace,
    weight: Math.max(1, Math.round((trace.weight * visits) / recorded / VISITS_A_TRACE)),
  }))
}

const events = ({ datagrams }: MixTrace): number => datagrams.reduce((sum, { body }) => sum + eventsOf(body).length, 0)

/** The second chunk again and again, numbered on, until the trace has about so many events. */
function longer(trace: MixTrace, count: number): MixTrace {
  const [first, again, ...rest] = trace.datagrams
  const size = eventsOf(again.body).length
  const shift = (message: MixMessage, by: number): MixMessage => {
    const moved = eventsOf(message.body).map((e) => ({
      ...e,
      // the root and the method under it come last and keep their numbers
      ...((e.sequence as number) > 1 && { sequence: (e.sequence as number) + by }),
    }))
    return { ...message, body: { ...message.body, spanEventList: moved } }
  }
  const added = Math.round((count - events(trace)) / size)
  const copies = Array.from({ length: added + 1 }, (_, n) => shift(again, n * size))
  return { ...trace, datagrams: [first, ...copies, ...rest.map((message) => shift(message, added * size))] }
}

/** The list "value 0,value 1,…" of each statement continued up to so many characters. */
function withLiterals(trace: MixTrace, characters: number): MixTrace {
  let list = 'value 0'
  for (let n = 1; list.length < characters; n++) list += `,value ${n}`
  const body = JSON.parse(
    JSON.stringify(trace.datagrams[0].body, (key, value: unknown) => (key === 'stringValue1' ? list : value)),
  ) as Plain
  return { ...trace, datagrams: [{ ...trace.datagrams[0], body }] }
}

/** @param recorded the traces of mix.json */
export function shopTraces(recorded: readonly MixTrace[]): MixTrace[] {
  const byRoute = new Map<string, MixTrace[]>()
  for (const trace of recorded) byRoute.set(routeOf(trace), [...(byRoute.get(routeOf(trace)) ?? []), trace])
  const most = (traces: readonly MixTrace[]): number => Math.max(...traces.map(events))
  const many = byRoute.get(LONG_TRACES.route)!
  const long = many.filter((trace) => events(trace) === most(many)).map((trace) => longer(trace, LONG_TRACES.events))
  const literals = byRoute.get(LONG_LITERALS.route)!.map((trace) => withLiterals(trace, LONG_LITERALS.characters))
  return [
    ...[...byRoute].flatMap(([route, traces]) => weighed(traces, VISITS[route])),
    ...weighed(long, LONG_TRACES.visits),
    ...weighed(literals, LONG_LITERALS.visits),
  ]
}

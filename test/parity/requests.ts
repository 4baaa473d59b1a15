import { isObject, type Json } from './lossless-json.js'

/** One request that both servers get. */
export interface ApiRequest {
  route: string
  query: Record<string, string | number>
  /** a form, for POST */
  form?: Record<string, string | number>
}

export interface RequestOptions {
  /** of maps and scatter charts, ms */
  from: number
  to: number
  /** transactions to look at, evenly taken of those that there are */
  transactions: number
}

/** Asks the original. */
export type Ask = (request: ApiRequest) => Promise<Json>

interface Point {
  traceId: string
  acceptTime: number
  elapsed: number
}

interface Found {
  applications: { name: string; type: string; code: number }[]
  agents: { id: string; start: number }[]
}

/** Of a link's calls: all, with and without errors, by time, by path. */
const CONDITIONS = [
  {},
  { ie: true },
  { rf: 100, rt: 'max' },
  { url: Buffer.from('/do/**').toString('base64') },
  { ie: false },
  { rf: 0, rt: '50' },
]
/** What the original wants of those who administer it. */
const ADMIN = { password: 'admin' }
const HOUR = 3_600_000
const LIMIT = 5_000
const GRIDS = [
  { xGroupUnit: 1, yGroupUnit: 1 },
  { xGroupUnit: 987, yGroupUnit: 57 },
]

/** All requests about the applications, agents and transactions that the original knows. */
export async function* requests(ask: Ask, options: RequestOptions): AsyncGenerator<ApiRequest> {
  const found = await find(ask)
  const { to } = options
  for (const route of ['serverTime', 'applications', 'getApplicationHostInfo']) yield { route, query: {} }
  for (const route of ['admin/agentIdMap', 'admin/duplicateAgentIdMap']) yield { route, query: ADMIN }
  yield { route: 'configuration', query: {} }
  yield { route: 'getApplicationHostInfo', query: { offset: 2, limit: 1 } }
  yield { route: 'getApplicationHostInfo', query: { offset: 1000, limit: 1 } }
  yield { route: 'getAgentList', query: {} }
  yield { route: 'getAgentList', query: { timestamp: to } }
  yield { route: 'getAgentList', query: { from: options.from, to } }
  for (const request of sqlRequests()) yield request
  for (const { id, start } of found.agents) yield* agentRequests(ask, id, start, options)
  for (const application of found.applications) yield* applicationRequests(ask, application, options)
}

async function find(ask: Ask): Promise<Found> {
  const applications = ((await ask({ route: 'applications', query: {} })) as { [key: string]: Json }[]).map((a) => {
    return { name: String(a.applicationName), type: String(a.serviceType), code: Number(a.code) }
  })
  const list = await ask({ route: 'getAgentList', query: {} })
  const agents = isObject(list) ? (Object.values(list).flat() as { [key: string]: Json }[]) : []
  return { applications, agents: agents.map((a) => ({ id: String(a.agentId), start: Number(a.startTimestamp) })) }
}

async function* agentRequests(
  ask: Ask,
  agentId: string,
  start: number,
  { from, to }: RequestOptions,
): AsyncGenerator<ApiRequest> {
  for (const timestamp of [start - 1, start, from, (from + to) / 2, to, to + HOUR].map(Math.trunc)) {
    yield { route: 'getAgentInfo', query: { agentId, timestamp } }
    yield { route: 'getAgentStatus', query: { agentId, timestamp } }
  }
  for (const length of [1, 10, 60, 600, 2_000]) {
    yield { route: 'getAgentStat', query: { agentId, from: start, to: start + length * 60_000 } }
  }
  yield { route: 'getAgentStat', query: { agentId, from, to, sampleRate: 1 } }
  const events: ApiRequest = { route: 'getAgentEvents', query: { agentId, from, to } }
  yield events
  yield { ...events, query: { ...events.query, exclude: '10100,10199' } }
  for (const event of (await ask(events)) as { [key: string]: Json }[]) {
    const query = { agentId, eventTimestamp: Number(event.eventTimestamp), eventTypeCode: Number(event.eventTypeCode) }
    yield { route: 'getAgentEvent', query }
  }
  yield { route: 'getAgentEvent', query: { agentId, eventTimestamp: from, eventTypeCode: 10100 } }
}

async function* applicationRequests(
  ask: Ask,
  { name, type, code }: Found['applications'][number],
  options: RequestOptions,
): AsyncGenerator<ApiRequest> {
  const { from, to } = options
  yield { route: 'getAgentList', query: { application: name } }
  yield { route: 'getAgentList', query: { application: name, timestamp: from } }
  yield { route: 'getAgentList', query: { application: name, from, to } }
  yield { route: 'admin/getInactiveAgents', query: { ...ADMIN, applicationName: name } }
  for (const range of rangesOf(from, to)) {
    const named = { applicationName: name, serviceTypeName: type, ...range }
    yield { route: 'getServerMapData', query: named }
    yield {
      route: 'getServerMapData',
      query: { applicationName: name, serviceTypeCode: code, ...range, callerRange: 1, calleeRange: 1 },
    }
    yield { route: 'getServerMapData', query: { ...named, callerRange: 0, calleeRange: 2 } }
    yield { route: 'getResponseTimeHistogramData', query: named }
  }
  yield { route: 'getLastServerMapData', query: { applicationName: name, serviceTypeName: type, period: 48 * HOUR } }
  yield* scatterRequests(ask, name, type, code, options)
}

/** The whole, parts of it, and times around it with wider slots. */
function rangesOf(from: number, to: number): { from: number; to: number }[] {
  const middle = Math.trunc((from + to) / 2)
  const around = [HOUR, 5 * HOUR, 11 * HOUR, 23 * HOUR, 47 * HOUR].map((more) => ({ from: to - more, to }))
  return [{ from, to }, { from, to: middle }, { from: middle, to }, ...around]
}

async function* scatterRequests(
  ask: Ask,
  application: string,
  serviceTypeName: string,
  serviceTypeCode: number,
  { from, to, transactions }: RequestOptions,
): AsyncGenerator<ApiRequest> {
  const whole = { application, from, to, limit: LIMIT }
  for (const grid of GRIDS) {
    yield { route: 'getScatterData', query: { ...whole, ...grid } }
    yield { route: 'getScatterData', query: { ...whole, ...grid, limit: 50 } }
    yield { route: 'getScatterData', query: { ...whole, ...grid, backwardDirection: 'false' } }
  }
  yield { route: 'getScatterData', query: { ...whole, ...GRIDS[0], v: 2 } }
  const points = await pointsOf(ask, { ...whole, ...GRIDS[0] })
  for (const point of evenly(points, transactions)) {
    const query = { traceId: point.traceId, focusTimestamp: point.acceptTime }
    yield { route: 'transactionInfo', query }
  }
  for (const some of [points.slice(0, 1), evenly(points, 50), evenly(points, 700)]) {
    const form = some.map((point, i) => ({
      [`I${i}`]: point.traceId,
      [`T${i}`]: point.acceptTime,
      [`R${i}`]: point.elapsed,
    }))
    yield { route: 'transactionmetadata', query: {}, form: Object.assign({}, ...form) }
  }
  const range = { applicationName: application, from, to, originTo: to }
  const filters = ['', ...(await filtersOf(ask, { applicationName: application, serviceTypeName, from, to }))]
  for (const filter of filters) {
    yield { route: 'getFilteredServerMapData', query: { ...range, serviceTypeName, filter, limit: LIMIT } }
    const query = { ...range, ...GRIDS[1], serviceTypeCode, filter, limit: 200 }
    yield { route: 'getFilteredServerMapDataMadeOfDotGroup', query }
    if (filter !== '') yield { route: 'getScatterData', query: { ...whole, ...GRIDS[1], filter } }
  }
  yield {
    route: 'getLastFilteredServerMapData',
    query: { applicationName: application, serviceTypeName, period: 24 * HOUR, filter: '' },
  }
}

async function pointsOf(ask: Ask, query: ApiRequest['query']): Promise<Point[]> {
  const answer = (await ask({ route: 'getScatterData', query })) as {
    scatter: { metadata: Record<string, Json[]>; dotList: number[][] }
  }
  const { metadata, dotList } = answer.scatter
  return dotList.map(([x, elapsed, agent, sequence]) => {
    const [, agentId, start] = metadata[agent]
    return { traceId: `${agentId}^${start}^${sequence}`, acceptTime: x + Number(query.from), elapsed }
  })
}

function evenly<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all]
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)])
}

/** A condition on each link of a map, of another kind each time. */
async function filtersOf(ask: Ask, query: ApiRequest['query']): Promise<string[]> {
  const map = (await ask({ route: 'getServerMapData', query })) as {
    applicationMapData: { linkDataArray: Record<string, Json>[] }
  }
  return map.applicationMapData.linkDataArray.map(({ sourceInfo, targetInfo }, i) => {
    const [from, to] = [sourceInfo, targetInfo] as Record<string, Json>[]
    const link = { fa: from.applicationName, fst: from.serviceType, ta: to.applicationName, tst: to.serviceType }
    const condition = CONDITIONS[i % CONDITIONS.length]
    return encodeURIComponent(JSON.stringify([{ ...link, ...condition }]))
  })
}

function sqlRequests(): ApiRequest[] {
  const statements: [string, string][] = [
    ['select * from t where a = ? and b = ?', '1, two'],
    ["select '?' from t where a = ? -- ?", 'x,,y'],
    ['select /* ? */ "a""?" from t where b in (?, ?, ?)', '1,2'],
    ['select 1', ''],
    ['update t set a = ?', "it's"],
  ]
  return statements.map(([sql, bind]) => ({ route: 'sqlBind', query: {}, form: { sql, bind } }))
}

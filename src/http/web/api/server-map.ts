import { getJson } from './get-json.js'

/** Requests by slot; the slots' names depend on the service type: 1s 3s 5s Slow Error, or 100ms 300ms 500ms Slow Error. */
export type Histogram = Record<string, number>

/** Requests of one slot by minute: [ms since 1970, requests] */
export interface TimeSeries {
  key: string
  values: [timestamp: number, count: number][]
}

export interface ServerInstance {
  name: string
  serviceType: string
  hasInspector: boolean
  status?: { code: number; desc: string } | null
}

export interface ServerHost {
  name: string
  instanceList: Record<string, ServerInstance>
}

export interface MapNode {
  key: string
  applicationName: string
  category: string
  serviceType: string
  serviceTypeCode: string | number
  isWas: boolean
  histogram?: Histogram
  totalCount: number
  errorCount: number
  slowCount: number
  hasAlert: boolean
  agentHistogram?: Record<string, Histogram>
  timeSeriesHistogram?: TimeSeries[]
  agentTimeSeriesHistogram?: Record<string, TimeSeries[]>
  serverList?: Record<string, ServerHost>
  instanceCount: number
}

export interface LinkEnd {
  applicationName: string
  serviceType: string
  serviceTypeCode: number
  isWas: boolean
}

export interface MapLink {
  key: string
  from: string
  to: string
  fromAgent?: string[]
  toAgent?: string[]
  sourceInfo: LinkEnd
  targetInfo: LinkEnd
  /** whose transactions a filter on this link searches; its type by name */
  filterApplicationName?: string
  filterApplicationServiceTypeName?: string
  totalCount: number
  errorCount: number
  slowCount: number
  histogram: Histogram
  sourceHistogram?: Record<string, Histogram>
  targetHistogram?: Record<string, Histogram>
  timeSeriesHistogram?: TimeSeries[]
  sourceTimeSeriesHistogram?: Record<string, TimeSeries[]>
  hasAlert: boolean
}

export interface ServerMap {
  nodeDataArray: MapNode[]
  linkDataArray: MapLink[]
}

export interface ServerMapQuery {
  applicationName: string
  serviceTypeName: string
  from: number
  to: number
  callerRange: number
  calleeRange: number
}

export async function getServerMap(query: ServerMapQuery, signal?: AbortSignal): Promise<ServerMap> {
  const answer = await getJson<{ applicationMapData: ServerMap }>('getServerMapData.pinpoint', { ...query }, signal)
  return answer.applicationMapData
}

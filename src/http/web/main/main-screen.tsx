import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { getServerMap } from '../api/server-map.js'
import { text } from '../i18n/text.js'
import { type GraphEdge, type GraphNode, mapGraph } from '../map/map-graph.js'
import { ServerMapView } from '../map/server-map.js'
import type { ApplicationKey } from '../route/application-key.js'
import type { DotSelection } from '../route/dot-selection.js'
import type { MainRoute } from '../route/hash-route.js'
import { applications } from '../state/applications.js'
import { liveNow } from '../state/live-clock.js'
import { navigate } from '../state/location.js'
import { store, stored } from '../state/preferences.js'
import { serverNow } from '../state/server-clock.js'
import { useAnswer } from '../state/use-answer.js'
import { isRealtime, periodOfRange, rangeOf } from '../time/time-range.js'
import { ErrorState } from '../ui/error-state.js'
import { LoadingBar } from '../ui/loading-bar.js'
import { DetailPanel } from './detail-panel.js'
import { EmptyMap, UnknownApplication } from './empty-map.js'

/** In real time the map is asked for so often: with the second that counters wait, a request is on it within five. */
const LIVE_MAP_MS = 2_000
const DEPTHS = [1, 2, 3, 4, 8]
const DEFAULT_DEPTH = 4

export function MainScreen({ route, application }: { route: MainRoute; application: ApplicationKey }): JSX.Element {
  const [depth, setDepth] = useState(() => Number(stored('depth')) || DEFAULT_DEPTH)
  const mainKey = `${application.name}^${application.type}`
  const [selected, setSelected] = useState(mainKey)
  const live = isRealtime(route.period)
  const range = rangeOf(route.period, live ? liveNow.value : (route.end ?? serverNow()))
  const asked = live ? Math.floor(range.to / LIVE_MAP_MS) * LIVE_MAP_MS : range.to
  const key = `${mainKey} ${route.period} ${asked} ${depth}`
  const map = useAnswer(key, (signal) =>
    getServerMap(
      {
        applicationName: application.name,
        serviceTypeName: application.type,
        from: range.from,
        to: range.to,
        callerRange: depth,
        calleeRange: depth,
      },
      signal,
    ),
  )

  const list = (selection: DotSelection, of: ApplicationKey): void => {
    const { period, end } = live ? { period: periodOfRange(range), end: range.to } : route
    navigate({ screen: 'transactionList', application: of, period, end, selection })
  }
  const open = (node: GraphNode): void => {
    if (node.isWas) navigate({ ...route, application: { name: node.name, type: node.members[0].serviceType } })
  }
  const choose = (item: GraphNode | GraphEdge): void => setSelected(item.key)

  const value = map.value
  const empty = value !== undefined && value.nodeDataArray.length === 0
  const unknown = applications.value?.every((a) => a.applicationName !== application.name) ?? false
  const graph = value === undefined ? undefined : mapGraph(value)
  const item = graph && (graph.nodes.find((n) => n.key === selected) ?? graph.edges.find((e) => e.key === selected))
  const main = graph?.nodes.find((n) => n.key === mainKey)

  return (
    <div class="main-screen">
      <div class="map-area">
        <LoadingBar on={map.loading && !live} />
        {map.error !== undefined && <ErrorState error={map.error} onRetry={map.retry} />}
        {empty && unknown && <UnknownApplication application={application} />}
        {empty && !unknown && <EmptyMap application={application} range={range} live={live} />}
        {value !== undefined && !empty && (
          <ServerMapView map={value} mainKey={mainKey} selected={item?.key ?? mainKey} onSelect={choose} onOpen={open}>
            <label class="inline-field map-depth" title={text('map.depth.hint')}>
              <span>{text('map.depth')}</span>
              <select
                value={depth}
                onChange={(e) => {
                  setDepth(Number(e.currentTarget.value))
                  store('depth', e.currentTarget.value)
                }}
              >
                {DEPTHS.map((d) => (
                  <option key={d} value={d}>
                    {d}
                  </option>
                ))}
              </select>
            </label>
          </ServerMapView>
        )}
      </div>
      {value !== undefined && !empty && (
        <DetailPanel
          key={item?.key ?? mainKey}
          item={item ?? main}
          graph={graph!}
          application={application}
          route={route}
          range={range}
          live={live}
          onList={list}
          onOpen={open}
        />
      )}
    </div>
  )
}

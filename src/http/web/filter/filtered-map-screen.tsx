import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { getFilteredMap } from '../api/filtered-map.js'
import { text } from '../i18n/text.js'
import { DetailPanel } from '../main/detail-panel.js'
import { type GraphNode, mapGraph } from '../map/map-graph.js'
import { ServerMapView } from '../map/server-map.js'
import { type FilteredMapRoute, formatRoute, type MainRoute } from '../route/hash-route.js'
import { formatFilters } from '../route/link-filter.js'
import { navigate } from '../state/location.js'
import { serverNow } from '../state/server-clock.js'
import { useAnswer } from '../state/use-answer.js'
import { dateTime } from '../time/date-time.js'
import { rangeOf } from '../time/time-range.js'
import { EmptyState } from '../ui/empty-state.js'
import { ErrorState } from '../ui/error-state.js'
import { Icon } from '../ui/icon.js'
import { LoadingBar } from '../ui/loading-bar.js'
import { filterText } from './filter-text.js'

/** The map of those transactions alone that pass a filter. */
export function FilteredMapScreen({ route }: { route: FilteredMapRoute }): JSX.Element {
  const { application, period, filters } = route
  const [selected, setSelected] = useState('')
  const range = rangeOf(period, route.end ?? serverNow())
  const { name: applicationName, type: serviceTypeName } = application
  const key = `${applicationName}^${serviceTypeName} ${range.from} ${range.to} ${formatFilters(filters)}`
  const answer = useAnswer(key, (signal) =>
    getFilteredMap({ applicationName, serviceTypeName, ...range, filters }, signal),
  )
  const unfiltered: MainRoute = { screen: 'main', application, period, end: route.end }
  const open = (node: GraphNode): void => {
    if (node.isWas) navigate({ ...unfiltered, application: { name: node.name, type: node.members[0].serviceType } })
  }
  const { value } = answer
  const graph = value && mapGraph(value.map)
  const empty = graph?.nodes.length === 0
  const item = graph && (graph.nodes.find((n) => n.key === selected) ?? graph.edges.find((e) => e.key === selected))

  return (
    <div class="filtered-map-screen">
      <header class="list-head">
        <a class="link-button" href={formatRoute(unfiltered)}>
          <Icon name="left" size={16} />
          {text('filter.remove')}
        </a>
        <h2>{filters.map(filterText).join(' + ')}</h2>
        {value !== undefined && value.searchedFrom > range.from && (
          <span class="quiet">{text('filter.cut', { time: dateTime(value.searchedFrom) })}</span>
        )}
      </header>
      <div class="main-screen">
        <div class="map-area">
          <LoadingBar on={answer.loading} />
          {answer.error !== undefined && <ErrorState error={answer.error} onRetry={answer.retry} />}
          {empty && (
            <EmptyState icon="map" title={text('filter.empty')}>
              <p>{text('filter.empty.do')}</p>
            </EmptyState>
          )}
          {value !== undefined && !empty && (
            <ServerMapView
              map={value.map}
              mainKey={`${applicationName}^${serviceTypeName}`}
              selected={item?.key}
              onSelect={(chosen) => setSelected(chosen.key)}
              onOpen={open}
            />
          )}
        </div>
        {item !== undefined && (
          <DetailPanel
            key={item.key}
            item={item}
            graph={graph!}
            application={application}
            route={unfiltered}
            range={range}
            filtered
            live={false}
            onList={(selection, of) =>
              navigate({ ...unfiltered, screen: 'transactionList', application: of, selection })
            }
            onOpen={open}
          />
        )}
      </div>
    </div>
  )
}

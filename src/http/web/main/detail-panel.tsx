import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { FilterForm } from '../filter/filter-form.js'
import { number, text } from '../i18n/text.js'
import { Glyph } from '../map/glyph.js'
import { glyphKind } from '../map/glyph-kind.js'
import type { GraphEdge, GraphNode, MapGraph } from '../map/map-graph.js'
import { nodeName } from '../map/map-node.js'
import type { ApplicationKey } from '../route/application-key.js'
import type { DotSelection } from '../route/dot-selection.js'
import type { MainRoute } from '../route/hash-route.js'
import { ScatterChart } from '../scatter/scatter-chart.js'
import type { TimeRange } from '../time/time-range.js'
import { Icon } from '../ui/icon.js'
import { HistogramSection } from './histogram-section.js'
import { HistogramTable } from './histogram-table.js'
import { MemberList } from './member-list.js'
import { ServerList } from './server-list.js'

interface DetailPanelProps {
  item: GraphNode | GraphEdge | undefined
  graph: MapGraph
  application: ApplicationKey
  route: MainRoute
  range: TimeRange
  live: boolean
  /** the map is of some transactions alone; the scatter chart is of all, and left out */
  filtered?: boolean
  onList: (selection: DotSelection, application: ApplicationKey) => void
  onOpen: (node: GraphNode) => void
}

/** All about the node or edge that is selected on the map. */
export function DetailPanel(props: DetailPanelProps): JSX.Element {
  const { item } = props
  return (
    <aside class="detail-panel" aria-label={text('panel.label')}>
      {item === undefined ? (
        // the application itself had no requests, and is not on the map
        <NodeScatter {...props} of={props.application} />
      ) : 'members' in item ? (
        <NodeDetails {...props} node={item} />
      ) : (
        <EdgeDetails {...props} edge={item} />
      )}
    </aside>
  )
}

interface NodeScatterProps extends DetailPanelProps {
  of: ApplicationKey
}

function NodeScatter({ of, range, live, onList }: NodeScatterProps): JSX.Element {
  const [agentId, setAgentId] = useState('')
  return (
    <ScatterChart
      application={of.name}
      range={range}
      live={live}
      agentId={agentId}
      onAgent={setAgentId}
      onSelect={(selection) => onList(selection, of)}
    />
  )
}

function NodeDetails(props: DetailPanelProps & { node: GraphNode }): JSX.Element {
  const { node, application, route, range, live, filtered, onList, onOpen } = props
  const [agentId, setAgentId] = useState('')
  const [member] = node.members
  const group = node.members.length > 1
  const of = { name: member.applicationName, type: member.serviceType }
  const isMain = of.name === application.name && of.type === application.type
  const agentHistogram = agentId === '' ? undefined : member.agentHistogram?.[agentId]
  const agentSeries = agentId === '' ? undefined : member.agentTimeSeriesHistogram?.[agentId]
  return (
    <>
      <header class="panel-head">
        <Glyph kind={glyphKind(node.category)} size={28} />
        <div class="panel-name">
          <h2 title={nodeName(node)}>{nodeName(node)}</h2>
          <p>
            {node.category}
            {node.category === 'UNKNOWN' && ` · ${text('map.unknown')}`}
          </p>
        </div>
        {node.isWas && !isMain && (
          <button type="button" class="link-button" onClick={() => onOpen(node)}>
            <Icon name="map" size={16} />
            {text('map.open')}
          </button>
        )}
      </header>
      <Figures total={node.total} errors={node.errors} />
      {node.isWas && !filtered && (
        <ScatterChart
          application={of.name}
          range={range}
          live={live}
          agentId={agentId}
          onAgent={setAgentId}
          onSelect={(selection) => onList(selection, of)}
        />
      )}
      <HistogramSection
        histogram={agentHistogram ?? node.histogram}
        series={agentSeries ?? (group ? [] : (member.timeSeriesHistogram ?? []))}
      />
      {group && <MemberList node={node} />}
      {!group && member.isWas && (
        <ServerList node={member} route={route} application={of} agentId={agentId} onAgent={setAgentId} />
      )}
      {!group && !member.isWas && member.agentHistogram !== undefined && (
        <HistogramTable title={text('panel.servers')} histograms={member.agentHistogram} />
      )}
    </>
  )
}

function EdgeDetails({ edge, graph, range, filtered }: DetailPanelProps & { edge: GraphEdge }): JSX.Element {
  const from = graph.nodes.find((n) => n.key === edge.from)
  const to = graph.nodes.find((n) => n.key === edge.to)
  const [link] = edge.links
  const single = edge.links.length === 1
  return (
    <>
      <header class="panel-head">
        {from !== undefined && <Glyph kind={glyphKind(from.category)} size={24} />}
        <Icon name="right" size={16} />
        {to !== undefined && <Glyph kind={glyphKind(to.category)} size={24} />}
        <div class="panel-name">
          <h2>{`${from === undefined ? '' : nodeName(from)} → ${to === undefined ? '' : nodeName(to)}`}</h2>
          <p>{`${from?.category ?? ''} → ${to?.category ?? ''}`}</p>
        </div>
      </header>
      <Figures total={edge.total} errors={edge.errors} />
      {single && !filtered && <FilterForm link={link} range={range} />}
      {single && <HistogramSection histogram={link.histogram} series={link.timeSeriesHistogram ?? []} />}
      {single && <HistogramTable title={text('panel.callers')} histograms={link.sourceHistogram ?? {}} />}
      {single && <HistogramTable title={text('panel.callees')} histograms={link.targetHistogram ?? {}} />}
      {!single && (
        <HistogramTable
          title={text('panel.callees')}
          histograms={Object.fromEntries(edge.links.map((l) => [l.targetInfo.applicationName, l.histogram]))}
        />
      )}
    </>
  )
}

function Figures({ total, errors }: { total: number; errors: number }): JSX.Element {
  return (
    <p class="figures">
      <b>{number(total)}</b> {text('panel.requests')}
      {errors > 0 && (
        <span class="figure-errors">
          <b>{number(errors)}</b> {text('panel.failed')} ({number((errors / total) * 100, 1)} %)
        </span>
      )}
    </p>
  )
}

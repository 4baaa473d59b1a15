import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { type Agent, type AgentEvent, getAgentEvents, getAgentList, getAgentStat } from '../api/agents.js'
import { text } from '../i18n/text.js'
import { formatApplication } from '../route/application-key.js'
import { formatRoute, type InspectorRoute } from '../route/hash-route.js'
import { serverNow } from '../state/server-clock.js'
import { useAnswer } from '../state/use-answer.js'
import { rangeOf, type TimeRange } from '../time/time-range.js'
import { EmptyState } from '../ui/empty-state.js'
import { ErrorState } from '../ui/error-state.js'
import { LoadingBar } from '../ui/loading-bar.js'
import { AgentEvents } from './agent-events.js'
import { AgentFacts } from './agent-facts.js'
import { AgentList } from './agent-list.js'
import { chartColumns, sampleRate } from './chart-columns.js'
import { CHART_KINDS } from './chart-kinds.js'
import { StatChart } from './stat-chart.js'

const NO_EVENTS: readonly AgentEvent[] = []

/** The agents of an application and how one of them fares over time. */
export function InspectorScreen({ route }: { route: InspectorRoute }): JSX.Element {
  const { application } = route
  const range = rangeOf(route.period, route.end ?? serverNow())
  const list = useAnswer(`${formatApplication(application)} ${range.to}`, (signal) =>
    getAgentList({ application: application.name, timestamp: range.to }, signal),
  )
  const agents = useMemo(
    () =>
      Object.values(list.value ?? {})
        .flat()
        .toSorted((a, b) => a.agentId.localeCompare(b.agentId)),
    [list.value],
  )
  const agent = agents.find((a) => a.agentId === route.agentId) ?? (route.agentId === undefined ? agents[0] : undefined)

  if (list.error !== undefined) return <ErrorState error={list.error} onRetry={list.retry} />
  if (list.value !== undefined && agents.length === 0) {
    return (
      <EmptyState icon="inspect" title={text('empty.inspector.title', { application: application.name })}>
        <p>{text('empty.inspector.do')}</p>
      </EmptyState>
    )
  }
  return (
    <div class="inspector-screen">
      <LoadingBar on={list.loading} />
      <AgentList
        agents={agents}
        chosen={agent?.agentId}
        hrefOf={(agentId) => formatRoute({ ...route, end: range.to, agentId })}
      />
      {agent === undefined ? (
        list.value !== undefined && <EmptyState icon="inspect" title={text('inspector.choose')} />
      ) : (
        <AgentCharts agent={agent} range={range} />
      )}
    </div>
  )
}

function AgentCharts({ agent, range }: { agent: Agent; range: TimeRange }): JSX.Element {
  const { agentId } = agent
  const key = `${agentId} ${range.from} ${range.to}`
  const stat = useAnswer(key, (signal) =>
    getAgentStat({ agentId, ...range, sampleRate: sampleRate(range.from, range.to) }, signal),
  )
  const events = useAnswer(key, (signal) => getAgentEvents(agentId, range.from, range.to, signal))
  const charts = useMemo(
    () =>
      stat.value === undefined ? [] : CHART_KINDS.map((kind) => ({ kind, columns: chartColumns(kind, stat.value!) })),
    [stat.value],
  )
  return (
    <div class="agent-charts">
      <LoadingBar on={stat.loading} />
      <AgentFacts agent={agent} />
      {stat.error !== undefined && <ErrorState error={stat.error} onRetry={stat.retry} />}
      <div class="chart-grid">
        {charts.map(({ kind, columns }) => (
          <StatChart key={kind.title} kind={kind} columns={columns} events={events.value ?? NO_EVENTS} range={range} />
        ))}
      </div>
      {events.error !== undefined && <ErrorState error={events.error} onRetry={events.retry} />}
      {events.value !== undefined && <AgentEvents events={events.value} />}
    </div>
  )
}

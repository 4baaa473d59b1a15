import { hostname } from 'node:os'
import { AggregatorRegistry, Counter, Registry } from 'prom-client'
import type { AgentConnection, AgentTraffic } from './agents.js'
import { type DescribedSetting, describeSettings } from './config/describe.js'
import type { Settings } from './config/settings.js'
import { DROPS } from './drop-reasons.js'
import { messageOf } from './errors.js'
import type {
  AgentReport,
  HealthCheck,
  HealthReport,
  Introspection,
  Listening,
  PipelineReport,
} from './http/introspection.js'
import { METRICS } from './metrics.js'
import type { Ports } from './pipeline.js'
import { pipelineReport } from './pipeline-report.js'
import type { Store } from './store/store.js'
import type { Crew } from './worker/crew.js'
import type { ReportName, WorkerReports } from './worker/report.js'

/** An agent sends statistics every 30 s: silent for longer than this, something is in the way. */
const UDP_EXPECTED_MS = 60_000

export interface Collector {
  settings: Settings
  store: Store
  crew: Crew
  /** bound for agents; null while starting */
  ports: Ports | null
  now(): number
}

/** What the HTTP pages show, put together from all workers. */
export class CollectorIntrospection implements Introspection {
  constructor(private readonly collector: Collector) {}

  async metricsText(): Promise<string> {
    const { sums } = await this.added('metrics')
    return sums.metrics()
  }

  async health(): Promise<HealthReport> {
    const { store, crew } = this.collector
    const health = await store
      .health()
      .catch((error: unknown) => ({ ok: false, reason: messageOf(error), tables: undefined, details: undefined }))
    const checks: HealthCheck[] = [check('store', health.ok, health.reason)]
    // in a wrong table rows are not kept as they should be, but they are written
    for (const { name, problem } of health.tables ?? [])
      checks.push({ name: `table ${name}`, ok: health.ok, reason: problem })
    const reports = await this.settled('health')
    for (const [i, report] of reports.entries()) {
      if (report.status === 'rejected') checks.push(check(`worker ${i}`, false, messageOf(report.reason)))
      else if (report.value.storeFailure !== null)
        checks.push(check(`worker ${i}`, false, `rows are not taken: ${report.value.storeFailure}`))
    }
    checks.push(
      check(
        'receivers',
        reports.some((r) => r.status === 'fulfilled'),
        'no worker is running',
      ),
    )
    return { ready: checks.every((c) => c.ok), checks, details: { workers: crew.workers.length, ...health.details } }
  }

  async agents(): Promise<AgentReport[]> {
    const agents = new Map<string, AgentReport>()
    for (const report of answered(await this.settled('agents'))) {
      for (const traffic of report.traffic) addTraffic(entry(agents, traffic), traffic)
    }
    const list = [...agents.values()].sort((a, b) => (a.agentId < b.agentId ? -1 : 1))
    for (const agent of list) warnOf(agent, this.collector.now())
    return list
  }

  async pipeline(): Promise<PipelineReport> {
    const { sums, reports } = await this.added('pipeline')
    return pipelineReport(await sums.getMetricsAsJSON(), reports)
  }

  async config(): Promise<DescribedSetting[]> {
    return describeSettings(this.collector.settings)
  }

  listening(): Listening | null {
    const { ports } = this.collector
    return ports && { hostName: hostname(), tcp: ports.tcp, stat: ports.stat, span: ports.span }
  }

  private settled<N extends ReportName>(name: N): Promise<PromiseSettledResult<WorkerReports[N]>[]> {
    return Promise.allSettled(this.collector.crew.workers.map((worker) => worker.report(name)))
  }

  /** The metrics of all workers, with those of the dead; and what the living answered. */
  private async added<N extends 'metrics' | 'pipeline'>(
    name: N,
  ): Promise<{ sums: ReturnType<typeof AggregatorRegistry.aggregate>; reports: WorkerReports[N][] }> {
    const { workers, lostMessages, leftMessages, retired } = this.collector.crew
    // a worker that is late, or dies meanwhile, must not make the sums fall: what is known of it is of the same moment as
    // what is known of the dead
    const last = workers.map((worker) => worker.lastMetrics())
    const settled = await this.settled(name)
    const metrics = settled.map((r, i) => (r.status === 'fulfilled' ? r.value.metrics : last[i]))
    const sums = AggregatorRegistry.aggregate([...metrics, retired, await lost(lostMessages, leftMessages)])
    return { sums, reports: answered(settled) }
  }
}

function answered<T>(settled: PromiseSettledResult<T>[]): T[] {
  return settled.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []))
}

/** The drops that no worker is left to tell of, as a worker would. */
function lost(messages: number, onDisk: number): ReturnType<Registry['getMetricsAsJSON']> {
  const { stage, reason } = DROPS.workerDied
  const registry = new Registry()
  const add = (wanted: string, labels: Record<string, string>, value: number): void => {
    const { name, help, labels: labelNames } = METRICS.find((metric) => metric.name === wanted)!
    new Counter({ name, help, labelNames, registers: [registry] }).inc(labels, value)
  }
  add('pinpoint_dropped_total', { stage, reason }, messages)
  add('pinpoint_messages_left_total', {}, onDisk)
  return registry.getMetricsAsJSON()
}

function check(name: string, ok: boolean, reason: string | undefined): HealthCheck {
  return ok ? { name, ok } : { name, ok, reason: reason ?? 'see the log' }
}

function entry(agents: Map<string, AgentReport>, of: { agentId: string; applicationName: string }): AgentReport {
  let agent = agents.get(of.agentId)
  if (agent === undefined) {
    agent = {
      agentId: of.agentId,
      applicationName: of.applicationName,
      startTimestamp: null,
      remoteAddress: '',
      connectedSince: null,
      disconnectedAt: null,
      lastSeen: null,
      received: { tcp: 0, stat: 0, span: 0 },
      lastReceived: { tcp: null, stat: null, span: null },
      rejected: 0,
      warnings: [],
    }
    agents.set(of.agentId, agent)
  }
  if (agent.applicationName === '') agent.applicationName = of.applicationName
  return agent
}

function addConnection(agent: AgentReport, connection: AgentConnection): void {
  // a worker that took an older connection of the same agent tells of that one
  if (agent.connectedSince !== null && agent.connectedSince > connection.since) return
  agent.startTimestamp = connection.startTimestamp
  agent.remoteAddress = connection.remoteAddress
  agent.connectedSince = connection.since
  agent.disconnectedAt = connection.until
}

function addTraffic(agent: AgentReport, traffic: AgentTraffic): void {
  agent.received.tcp += traffic.tcpMessages
  agent.received.stat += traffic.statMessages
  agent.received.span += traffic.spanMessages
  agent.lastReceived.tcp = later(agent.lastReceived.tcp, traffic.lastTcp)
  agent.lastReceived.stat = later(agent.lastReceived.stat, traffic.lastStat)
  agent.lastReceived.span = later(agent.lastReceived.span, traffic.lastSpan)
  agent.lastSeen = later(agent.lastSeen, Math.max(traffic.lastTcp, traffic.lastStat, traffic.lastSpan))
  agent.rejected += traffic.dropped
  if (traffic.connection !== null) addConnection(agent, traffic.connection)
}

function later(a: number | null, b: number): number | null {
  if (b === 0) return a
  return a === null ? b : Math.max(a, b)
}

function warnOf(agent: AgentReport, now: number): void {
  const { stat, span } = agent.lastReceived
  const connected = agent.connectedSince !== null && agent.disconnectedAt === null
  if (connected && stat === null && span === null && now - (agent.connectedSince ?? now) > UDP_EXPECTED_MS) {
    agent.warnings.push(
      'connected but no UDP seen: open the UDP ports for stat and span between the agent and this collector, and check profiler.collector.*.port in pinpoint.config',
    )
  }
  if (connected && stat === null && span !== null && now - (agent.connectedSince ?? now) > UDP_EXPECTED_MS) {
    agent.warnings.push(
      'spans but no statistics seen: open the UDP port for stat, and check profiler.collector.stat.port',
    )
  }
  if (!connected && Math.max(stat ?? 0, span ?? 0) > (agent.disconnectedAt ?? 0) + UDP_EXPECTED_MS) {
    agent.warnings.push(
      'UDP seen but no TCP connection here: open the TCP port, or the agent is connected to another collector',
    )
  }
}

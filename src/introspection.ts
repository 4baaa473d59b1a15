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
  PipelineReport,
  ServerReport,
} from './http/introspection.js'
import { METRICS } from './metrics.js'
import { TABLES } from './row/tables.js'
import type { Store } from './store/store.js'
import type { ServerFigures } from './store/store-figures.js'
import type { Crew } from './worker/crew.js'
import type { WorkerReport } from './worker/report.js'

/** An agent sends statistics every 30 s: silent for longer than this, something is in the way. */
const UDP_EXPECTED_MS = 60_000

export interface Collector {
  settings: Settings
  store: Store
  crew: Crew
  now(): number
}

/** What the HTTP pages show, put together from all workers. */
export class CollectorIntrospection implements Introspection {
  constructor(private readonly collector: Collector) {}

  async metricsText(): Promise<string> {
    const { workers, lostMessages, leftMessages, retired } = this.collector.crew
    // a worker that is late, or dies meanwhile, must not make the sums fall: what is known of it is of the same moment as
    // what is known of the dead
    const last = workers.map((worker) => worker.lastMetrics())
    const reports = await this.settled()
    const metrics = reports.map((r, i) => (r.status === 'fulfilled' ? r.value.metrics : last[i]))
    return AggregatorRegistry.aggregate([...metrics, retired, await lost(lostMessages, leftMessages)]).metrics()
  }

  async health(): Promise<HealthReport> {
    const { store, crew } = this.collector
    const health = await store
      .health()
      .catch((error: unknown) => ({ ok: false, reason: messageOf(error), tables: undefined, details: undefined }))
    const checks: HealthCheck[] = [check('store', health.ok, health.reason)]
    for (const { name, problem } of health.tables ?? []) checks.push(check(`table ${name}`, false, problem))
    const reports = await this.settled()
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
    const reports = await this.reports()
    for (const report of reports) {
      for (const traffic of report.traffic) addTraffic(entry(agents, traffic), traffic)
    }
    const list = [...agents.values()].sort((a, b) => (a.agentId < b.agentId ? -1 : 1))
    for (const agent of list) warnOf(agent, this.collector.now())
    return list
  }

  async pipeline(): Promise<PipelineReport> {
    const reports = await this.reports()
    const total = (of: (report: WorkerReport) => number): number => reports.reduce((sum, report) => sum + of(report), 0)
    const dropped: Record<string, number> = {}
    for (const report of reports)
      for (const [reason, n] of Object.entries(report.dropped)) dropped[reason] = (dropped[reason] ?? 0) + n
    const lost = this.collector.crew.lostMessages
    if (lost > 0) dropped['worker/died'] = lost
    return {
      workers: reports.length,
      queueBytes: total((r) => r.queueBytes),
      queueMaxBytes: total((r) => r.queueMaxBytes),
      batchesInFlight: total((r) => r.batchesInFlight),
      messagesInFlight: total((r) => r.messagesInFlight),
      dropped,
      spill: {
        bytes: total((r) => r.spill.bytes),
        messages: total((r) => r.spill.messages),
        records: {
          written: total((r) => r.spill.records.written),
          replayed: total((r) => r.spill.records.replayed),
          dropped: total((r) => r.spill.records.dropped),
        },
      },
      tables: TABLES.map((t) => ({
        table: t.name,
        rowsWritten: total((r) => r.rowsWritten[t.id]),
        rowsRetried: total((r) => r.rowsRetried[t.id]),
      })),
      servers: serversOf(reports),
    }
  }

  async config(): Promise<DescribedSetting[]> {
    return describeSettings(this.collector.settings)
  }

  private settled(): Promise<PromiseSettledResult<WorkerReport>[]> {
    return Promise.allSettled(this.collector.crew.workers.map((worker) => worker.report()))
  }

  private async reports(): Promise<WorkerReport[]> {
    const settled = await this.settled()
    return settled.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []))
  }
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

function serversOf(reports: WorkerReport[]): ServerReport[] {
  const servers = new Map<string, ServerFigures>()
  for (const report of reports) {
    for (const [name, figures] of Object.entries(report.servers)) {
      const sum = servers.get(name)
      if (sum === undefined) servers.set(name, { ...figures })
      else {
        sum.calls += figures.calls
        sum.failures += figures.failures
        sum.totalSeconds += figures.totalSeconds
        sum.maxSeconds = Math.max(sum.maxSeconds, figures.maxSeconds)
      }
    }
  }
  return [...servers].map(([server, { calls, failures, totalSeconds, maxSeconds }]) => ({
    server,
    writes: calls,
    failures,
    meanMs: (totalSeconds / calls) * 1000,
    maxMs: maxSeconds * 1000,
  }))
}

import { AggregatorRegistry, Counter, Registry } from 'prom-client'
import type { AgentConnection, AgentTraffic } from './agents.js'
import { type DescribedSetting, describeSettings } from './config/describe.js'
import type { Settings } from './config/settings.js'
import { DROPS } from './drop-reasons.js'
import { messageOf } from './errors.js'
import type { AgentReport, HealthCheck, HealthReport, Introspection, PipelineReport } from './http/introspection.js'
import { METRICS } from './metrics.js'
import { TABLES } from './row/tables.js'
import type { Store } from './store/store.js'
import type { WorkerHandle, WorkerReport, WorkerTotals } from './worker/report.js'

/** An agent sends statistics every 30 s: silent for longer than this, something is in the way. */
const UDP_EXPECTED_MS = 60_000

export interface Collector {
  settings: Settings
  store: Store
  workers: readonly WorkerHandle[]
  /** messages that died with worker processes */
  lostMessages(): number
  /** messages that dead worker processes left on disk */
  leftMessages(): number
  /** counters of worker processes that died */
  retired(): WorkerTotals['metrics']
  now(): number
}

/** What the HTTP pages show, put together from all workers. */
export class CollectorIntrospection implements Introspection {
  constructor(private readonly collector: Collector) {}

  async metricsText(): Promise<string> {
    const reports = await this.reports()
    const { lostMessages, leftMessages, retired } = this.collector
    const all = [...reports.map((r) => r.metrics), retired(), await lost(lostMessages(), leftMessages())]
    return AggregatorRegistry.aggregate(all).metrics()
  }

  async health(): Promise<HealthReport> {
    const { store, workers } = this.collector
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
    return { ready: checks.every((c) => c.ok), checks, details: { workers: workers.length, ...health.details } }
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
    const lost = this.collector.lostMessages()
    if (lost > 0) dropped['worker/died'] = lost
    const writes = total((r) => r.writes.count)
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
        rowsDropped: 0,
      })),
      servers: [
        {
          server: this.collector.store.kind,
          writes,
          failures: total((r) => r.writes.failures),
          meanMs: writes === 0 ? 0 : (total((r) => r.writes.totalSeconds) / writes) * 1000,
          maxMs: Math.max(0, ...reports.map((r) => r.writes.maxSeconds)) * 1000,
        },
      ],
    }
  }

  async config(): Promise<DescribedSetting[]> {
    return describeSettings(this.collector.settings)
  }

  private settled(): Promise<PromiseSettledResult<WorkerReport>[]> {
    return Promise.allSettled(this.collector.workers.map((worker) => worker.report()))
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

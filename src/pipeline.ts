import type { Accounting } from './accounting.js'
import { AgentService } from './agent-service.js'
import { AgentRegistry } from './agents.js'
import { CounterMap } from './aggregate/counter-map.js'
import { CounterFlusher } from './aggregate/flusher.js'
import { HostMapCache } from './aggregate/host-map-cache.js'
import { Batcher } from './batch/batcher.js'
import type { WriteObserver } from './batch/put-retry.js'
import { Spill } from './batch/spill/spill.js'
import type { Settings } from './config/settings.js'
import { Dispatcher } from './dispatcher.js'
import { MapContext } from './handler/context.js'
import { type LimitedWarn, type Logger, limitWarnings } from './log.js'
import { DatagramBatch } from './receiver/datagram-batch.js'
import type { TcpLog } from './receiver/tcp-handler.js'
import { TcpReceiver } from './receiver/tcp-receiver.js'
import { UdpReceiver } from './receiver/udp-receiver.js'
import type { Store } from './store/store.js'
import { workerCount } from './worker/count.js'

/** Agents that are remembered for the debug page. */
const MAX_AGENTS = 20_000

export interface Ports {
  tcp: number
  stat: number
  span: number
}

/**
 * The flow of one worker:
 *
 *   TcpReceiver ─ AgentService ┐
 *   UdpReceiver stat ──────────┼─ Dispatcher (decode, map to rows) ┬─ Batcher ────────┬─ store.put
 *   UdpReceiver span ──────────┘                                   └─ CounterFlusher ─┤─ store.increment
 *                                                                                     └─ Spill, while HBase is away
 */
export class Pipeline {
  readonly agents = new AgentRegistry(MAX_AGENTS)
  readonly counters: CounterMap
  readonly batcher: Batcher
  readonly flusher: CounterFlusher
  readonly tcp: TcpReceiver
  readonly stat: UdpReceiver
  readonly span: UdpReceiver
  /** null: the store has none */
  readonly spill: Spill | null
  private readonly service: AgentService

  constructor(
    private readonly settings: Settings,
    store: Store,
    readonly accounting: Accounting,
    private readonly log: Logger,
    onWrite: (operation: 'put' | 'increment', ...args: Parameters<WriteObserver>) => void,
    private readonly workerNumber: number,
  ) {
    const warn = limitWarnings(log)
    const retry = { retryInitialMs: settings.storeRetryInitialMs, retryMaxMs: settings.storeRetryMaxMs }
    this.spill =
      store.kind === 'hbase' && settings.spillMaxBytes > 0
        ? new Spill(
            {
              dir: settings.spillDir,
              maxBytes: settings.spillMaxBytes,
              afterMs: settings.spillAfterMs,
              worker: workerNumber,
              workers: workerCount(settings),
            },
            accounting,
            log,
            warn,
          )
        : null
    this.counters = new CounterMap(settings.statisticsMaxBytes, accounting, Date.now)
    this.flusher = new CounterFlusher(
      store,
      this.counters,
      settings.statisticsFlushPeriodMs,
      retry,
      accounting,
      warn,
      (...args) => onWrite('increment', ...args),
      this.spill,
    )
    const batching = {
      flushIntervalMs: settings.batchFlushIntervalMs,
      maxBatchBytes: settings.batchMaxBytes,
      maxQueueBytes: settings.batchMaxQueueBytes,
      maxMessageBytes: settings.batchMaxMessageBytes,
    }
    this.batcher = new Batcher(
      store,
      { ...batching, ...retry },
      accounting,
      warn,
      (...args) => onWrite('put', ...args),
      this.spill,
    )
    const hosts = new HostMapCache(settings.hostMapCacheEntries)
    const context = new MapContext(this.batcher.open, this.counters, hosts, accounting, settings.spanEventSequenceLimit)
    const dispatcher = new Dispatcher(context, this.batcher, this.agents, accounting, warn, Date.now)
    this.service = new AgentService(dispatcher, settings.requestAckTimeoutMs)

    const { host, l4Ip: loadBalancerIps } = settings
    this.tcp = new TcpReceiver(
      { handler: this.service, accounting, log: limitedTcpLog(log, warn) },
      {
        host,
        port: settings.tcpPort,
        maxConnections: settings.tcpMaxConnections,
        loadBalancerIps,
        maxPayloadBytes: settings.tcpMaxPayloadBytes,
        frameTimeoutMs: settings.tcpFrameTimeoutMs,
        writeLimitBytes: settings.tcpWriteLimitBytes,
        maxUnansweredRequests: settings.tcpMaxPendingRequests,
        pingIntervalMs: settings.tcpPingIntervalMs,
      },
    )
    const udp = { host, receiveBufferBytes: settings.udpReceiveBufferBytes, loadBalancerIps: new Set(loadBalancerIps) }
    this.stat = new UdpReceiver(
      { ...udp, name: 'stat', port: settings.statPort },
      (bytes, at, end, from) => dispatcher.datagram('stat', bytes, from, at, end),
      accounting,
      warn,
    )
    this.span = new UdpReceiver(
      { ...udp, name: 'span', port: settings.spanPort },
      (bytes, at, end, from) => dispatcher.datagram('span', bytes, from, at, end),
      accounting,
      warn,
    )
  }

  /** Binds the three ports; rejects when one cannot be had. */
  async start(): Promise<Ports> {
    await this.spill?.open()
    this.batcher.start()
    this.flusher.start()
    this.service.start()
    const batch = new DatagramBatch()
    if (!batch.canRead && this.workerNumber === 0) this.log.info(READS_ONE_BY_ONE)
    const stat = await this.stat.start(batch)
    const span = await this.span.start(batch)
    const { port: tcp } = await this.tcp.start()
    return { tcp, stat, span }
  }

  /** Reads the UDP ports, or leaves them to other workers. */
  receive(on: boolean): void {
    this.stat.read(on)
    this.span.read(on)
  }

  /**
   * Stops receiving, tells the agents, writes what is there; what the store does not take in time stays on disk,
   * or without a spill is dropped and counted.
   * @returns messages and counts that were lost so
   */
  async stop(): Promise<number> {
    const { dropped, counts } = this.accounting
    const lost = (): number => dropped.storeFailed + dropped.storeFull + dropped.storeRefused + counts.dropped
    const before = lost()
    const end = performance.now() + this.settings.shutdownTimeoutMs * WRITING_SHARE
    await Promise.all([this.stat.close(), this.span.close(), this.tcp.close()])
    const left = (): number => Math.max(MIN_WRITING_MS, end - performance.now())
    await Promise.all([this.batcher.close(left()), this.flusher.close(left())])
    this.service.stop()
    await this.spill?.close()
    return lost() - before
  }
}

const READS_ONE_BY_ONE =
  'datagrams are read one by one, which takes more CPU: this is not Linux on a processor of 64 bits, or koffi cannot be loaded (node -e "require(\'koffi\')" tells why)'

/** Strangers at the TCP port must not fill the log either. */
function limitedTcpLog(log: Logger, warn: LimitedWarn): TcpLog {
  return {
    debug: (details, message) => log.debug(details, message),
    info: (details, message) => log.info(details, message),
    warn: (details, message) => warn(`tcp ${message}`, message, { ...details }),
  }
}

/** Part of the time for stopping after which rows are given up; the rest is for closing the store. */
const WRITING_SHARE = 0.9
/** A healthy store has this much time in any case. */
const MIN_WRITING_MS = 1_000

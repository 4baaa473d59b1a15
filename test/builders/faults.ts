import { table } from '../../src/row/tables.js'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import type { Region } from '../../src/store/hbase/region.js'
import { eventually } from './collector.js'
import type { FaultRun } from './fault-run.js'
import { REGION_SERVERS, type RegionServer, ROLES } from './hbase-processes.js'
import { pause } from './load-udp.js'

/** Tables whose regions are moved: the rows and the counters of spans. */
const MOVED = ['Traces', 'ApplicationMapStatisticsSelf_Ver2']
const SPLITS = 4
const SAMPLED_ROWS = 2_000
const MOVE_LIMIT_MS = 30_000

export interface Fault {
  help: string
  /** seconds of it; what takes its own time has none */
  seconds: number
  /** Resolves when everything that it stopped has been started again, or will not be. */
  run(run: FaultRun, ms: number): Promise<void>
}

/** All faults, by name. Each leaves the load running. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  'kill-rs': {
    help: 'kill -9 of one region server',
    seconds: 0,
    run: ({ cluster }) => cluster.kill('rs2'),
  },
  moves: {
    help: 'regions of Traces and Self go from server to server, one after the other',
    seconds: 20,
    run: async ({ admin }, ms) => {
      const end = performance.now() + ms
      for (let n = 0; performance.now() < end; n++) {
        const regions = await admin.regions(MOVED[n % MOVED.length])
        const region = regions[n % regions.length]
        const other = regions.find((r) => r.port !== region.port)
        await admin.move(region, other)
      }
    },
  },
  splits: {
    help: 'regions of Traces are split where their rows are',
    seconds: 0,
    run: splitTraces,
  },
  stop: {
    help: 'one region server stands still (SIGSTOP), longer than its session lives',
    seconds: 60,
    run: async ({ cluster }, ms) => {
      cluster.signal('rs2', 'SIGSTOP')
      await pause(ms)
      cluster.signal('rs2', 'SIGCONT')
    },
  },
  zookeeper: {
    help: 'ZooKeeper is killed, and started again',
    seconds: 20,
    run: async ({ cluster }, ms) => {
      await cluster.kill('zookeeper')
      await pause(ms)
      await cluster.launch('zookeeper')
    },
  },
  'stop-zookeeper': {
    help: 'a region server stands still, meanwhile ZooKeeper is killed and started again',
    seconds: 60,
    run: async ({ cluster }, ms) => {
      cluster.signal('rs2', 'SIGSTOP')
      await pause(ms / 12)
      await cluster.kill('zookeeper')
      await pause(ms / 6)
      await cluster.launch('zookeeper')
      await pause((ms * 3) / 4)
      cluster.signal('rs2', 'SIGCONT')
    },
  },
  'zookeeper-stop': {
    help: 'ZooKeeper is killed, meanwhile a region server stands still and goes on',
    seconds: 60,
    run: async ({ cluster }, ms) => {
      await cluster.kill('zookeeper')
      await pause(ms / 12)
      cluster.signal('rs2', 'SIGSTOP')
      await pause(ms / 2)
      cluster.signal('rs2', 'SIGCONT')
      await pause(ms / 6)
      await cluster.launch('zookeeper')
    },
  },
  'stop-expired': {
    help: 'a region server stands still until its regions are elsewhere; it goes on while ZooKeeper is away',
    seconds: 60,
    run: async ({ cluster }, ms) => {
      cluster.signal('rs2', 'SIGSTOP')
      await pause((ms * 2) / 3)
      await cluster.kill('zookeeper')
      await pause(ms / 12)
      cluster.signal('rs2', 'SIGCONT')
      await pause(ms / 4)
      await cluster.launch('zookeeper')
    },
  },
  'all-down': {
    help: 'all region servers are killed, and started again',
    seconds: 300,
    run: async (run, ms) => {
      await killServers(run)
      await pause(ms)
      await launchServers(run)
    },
  },
  'kill-collector': {
    help: 'all region servers are killed; the collector is killed while it spills, and again while it replays',
    seconds: 40,
    run: async (run, ms) => {
      await killServers(run)
      await pause(ms / 2)
      await restart(run, () => run.killCollector())
      await pause(ms / 2)
      await launchServers(run)
      const { spillBytes } = run.last
      await eventually(() => run.last.spillBytes < spillBytes, MOVE_LIMIT_MS * 4)
      await restart(run, () => run.killCollector())
    },
  },
  'stand-still': {
    help: 'all of HBase stands still, for less than a session; the collector is killed meanwhile',
    seconds: 14,
    run: async (run, ms) => {
      for (const role of ROLES) run.cluster.signal(role, 'SIGSTOP')
      await pause(ms / 2)
      await restart(run, () => run.killCollector())
      await pause(ms / 2)
      for (const role of ROLES) run.cluster.signal(role, 'SIGCONT')
    },
  },
  sigterm: {
    help: 'all region servers are killed; the collector is stopped (SIGTERM) and started again meanwhile',
    seconds: 40,
    run: async (run, ms) => {
      await killServers(run)
      await pause(ms / 2)
      await restart(run, () => run.stopCollector())
      await pause(ms / 2)
      await launchServers(run)
    },
  },
}

async function restart(run: FaultRun, end: () => Promise<void>): Promise<void> {
  await end()
  await run.startCollector()
  run.sendSpans()
}

async function killServers({ cluster }: FaultRun): Promise<void> {
  await Promise.all(REGION_SERVERS.map((server) => cluster.kill(server)))
}

async function launchServers({ cluster }: FaultRun): Promise<void> {
  await Promise.all(REGION_SERVERS.map((server) => cluster.launch(server)))
}

async function splitTraces({ admin, cluster }: FaultRun): Promise<void> {
  const store = new HbaseStore({ quorum: cluster.quorum })
  try {
    const regions = await admin.regions('Traces')
    const widest = regions.filter((r) => r.end.length > 0 && r.start.length > 0).slice(0, SPLITS)
    for (const region of widest) {
      const keys: Buffer[] = []
      const range = { start: region.start, stop: region.end, limit: SAMPLED_ROWS }
      for await (const { key } of store.scan(table('Traces'), range)) keys.push(key)
      const middle = keys[keys.length >> 1]
      await (cluster.version === '1.2' ? admin.splitOnServer(region, middle) : admin.split(region, middle))
    }
    const wanted = regions.length + widest.length
    await eventually(async () => (await admin.regions('Traces')).length === wanted, MOVE_LIMIT_MS)
  } finally {
    await store.close()
  }
}

/** Every server runs and has about half of the regions of the tables that matter. */
export async function makeWhole({ admin, cluster }: FaultRun): Promise<void> {
  for (const server of REGION_SERVERS) {
    // one that stood still ends by itself when it finds its session gone
    if (!cluster.isRunning(server)) await cluster.launch(server)
  }
  for (const name of MOVED) {
    const spread = async (): Promise<boolean> => {
      const regions = await admin.regions(name)
      const on = (server: RegionServer): Region[] => regions.filter((r) => r.port === cluster.portOf(server))
      const [few, many] = [on('rs1'), on('rs2')].sort((a, b) => a.length - b.length)
      const surplus = (many.length - few.length) >> 1
      await Promise.all(many.slice(0, surplus).map((region) => admin.move(region, few[0]).catch(() => {})))
      return surplus < regions.length / 4
    }
    await eventually(spread, MOVE_LIMIT_MS)
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './collector.js'
import {
  commonSettings,
  freePort,
  type HbaseVersion,
  hbaseJars,
  JAVA_OPTIONS,
  LOG4J_PROPERTIES,
  siteXml,
} from './hbase-jars.js'
import { answers } from './hbase-server.js'

// ZooKeeper, a master and two region servers, each a JVM of its own that can be killed or stand still.

export const REGION_SERVERS = ['rs1', 'rs2'] as const
export type RegionServer = (typeof REGION_SERVERS)[number]
export const ROLES = ['zookeeper', 'master', ...REGION_SERVERS] as const
export type Role = (typeof ROLES)[number]

const MAIN: Record<Role, readonly string[]> = {
  zookeeper: ['org.apache.zookeeper.server.quorum.QuorumPeerMain'],
  master: ['org.apache.hadoop.hbase.master.HMaster', 'start'],
  rs1: ['org.apache.hadoop.hbase.regionserver.HRegionServer', 'start'],
  rs2: ['org.apache.hadoop.hbase.regionserver.HRegionServer', 'start'],
}
const LISTENS_WITHIN_MS = 120_000

export interface ClusterOptions {
  version?: HbaseVersion
  /** ms without a heartbeat after which a region server is dead */
  sessionMs?: number
  /** MiB of each region server */
  heapMiB?: number
}

/** A cluster on this machine, gone with this process. */
export class HbaseProcesses {
  private readonly children = new Map<Role, ChildProcess>()
  private readonly killed = new Set<Role>()
  /** region servers that ended by themselves, as they do when they find their session gone, and were started again */
  fallen = 0
  private readonly killAll = (): void => {
    for (const child of this.children.values()) child.kill('SIGKILL')
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 })
  }

  private constructor(
    readonly version: HbaseVersion,
    private readonly dir: string,
    private readonly lib: string,
    private readonly ports: Readonly<Record<Role, number>>,
    private readonly heapMiB: number,
  ) {
    process.on('exit', this.killAll)
  }

  /** Resolves when the master answers. */
  static async start({
    version = '2.6',
    sessionMs = 10_000,
    heapMiB = 768,
  }: ClusterOptions = {}): Promise<HbaseProcesses> {
    const lib = await hbaseJars(version)
    const dir = await mkdtemp(join(tmpdir(), 'hbase-faults-'))
    const [zookeeper, master, rs1, rs2] = [await freePort(), await freePort(), await freePort(), await freePort()]
    const cluster = new HbaseProcesses(version, dir, lib, { zookeeper, master, rs1, rs2 }, heapMiB)
    for (const name of ['conf', 'zookeeper', 'data', 'tmp']) await mkdir(join(dir, name))
    const settings = { 'hbase.cluster.distributed': 'true', 'zookeeper.session.timeout': String(sessionMs) }
    const common = commonSettings(dir, zookeeper, master)
    await writeFile(join(dir, 'conf', 'hbase-site.xml'), siteXml({ ...common, ...settings }))
    await writeFile(join(dir, 'conf', 'log4j.properties'), LOG4J_PROPERTIES)
    const zoo = { tickTime: 2000, maxClientCnxns: 300, dataDir: `${dir}/zookeeper`, clientPort: zookeeper }
    const more = { clientPortAddress: '127.0.0.1', 'admin.enableServer': false }
    const lines = Object.entries({ ...zoo, ...more }).map(([name, value]) => `${name}=${value}`)
    await writeFile(join(dir, 'conf', 'zoo.cfg'), lines.join('\n'))
    try {
      await cluster.launch('zookeeper')
      for (const role of ['master', ...REGION_SERVERS] as const) cluster.spawn(role)
      await answers(cluster.quorum)
      return cluster
    } catch (error) {
      const log = await cluster.log('master')
      await cluster.stop()
      throw new Error(`HBase did not start: ${String(error)}\n${log.slice(-3000)}`)
    }
  }

  get quorum(): string {
    return `127.0.0.1:${this.ports.zookeeper}`
  }

  portOf(role: Role): number {
    return this.ports[role]
  }

  /** Starts what was killed; resolves when it listens. */
  async launch(role: Role): Promise<void> {
    this.spawn(role)
    if (await eventually(() => listens(this.ports[role]), LISTENS_WITHIN_MS)) return
    throw new Error(`${role} does not listen:\n${(await this.log(role)).slice(-3000)}`)
  }

  private spawn(role: Role): void {
    this.killed.delete(role)
    const isServer = role === 'rs1' || role === 'rs2'
    const memory = isServer ? [`-Xmx${this.heapMiB}m`, '-XX:+UseG1GC'] : ['-Xmx256m', '-XX:+UseSerialGC']
    const args = [...JAVA_OPTIONS, ...memory, '-XX:TieredStopAtLevel=1', '-cp', `${this.dir}/conf:${this.lib}/*`]
    const port = isServer ? [`-Dhbase.regionserver.port=${this.ports[role]}`] : []
    const [main, ...rest] = MAIN[role]
    const tail = role === 'zookeeper' ? [`${this.dir}/conf/zoo.cfg`] : [...port, ...rest]
    const child = spawn('java', [...args, main, ...tail], { stdio: ['ignore', 'pipe', 'pipe'] })
    const log = createWriteStream(join(this.dir, `${role}.log`), { flags: 'a' })
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    this.children.set(role, child)
  }

  isRunning(role: Role): boolean {
    const child = this.children.get(role)
    return child !== undefined && child.exitCode === null && child.signalCode === null
  }

  /** SIGSTOP and SIGCONT */
  signal(role: Role, signal: NodeJS.Signals): void {
    this.children.get(role)?.kill(signal)
  }

  /** kill -9 */
  async kill(role: Role): Promise<void> {
    const child = this.children.get(role)
    if (child === undefined || !this.isRunning(role)) return
    this.killed.add(role)
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  /** What a supervisor does: region servers that ended without being killed here are started again. */
  async raiseFallen(): Promise<void> {
    for (const server of REGION_SERVERS) {
      if (this.isRunning(server) || this.killed.has(server)) continue
      this.fallen++
      await this.launch(server)
    }
  }

  log(role: Role): Promise<string> {
    return readFile(join(this.dir, `${role}.log`), 'utf8')
  }

  async stop(): Promise<void> {
    await Promise.all([...this.children.keys()].map((role) => this.kill(role)))
    process.off('exit', this.killAll)
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

import { execFile, spawn } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'

const run = promisify(execFile)

// dist/test/builders/hbase-server.js → the package root
const POM_DIR = fileURLToPath(new URL('../../../test/integration/hbase', import.meta.url))
const LIB = join(POM_DIR, 'target', 'lib')
const STARTED_WITHIN_MS = 60_000

/** What HBase needs to run on Java 17. */
const JAVA_OPTIONS = [
  ...['java.nio', 'sun.nio.ch', 'java.lang', 'java.lang.reflect', 'jdk.internal.ref', 'java.util'].map(
    (p) => `--add-opens=java.base/${p}=ALL-UNNAMED`,
  ),
  '--add-opens=java.base/java.util.concurrent=ALL-UNNAMED',
  '--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED',
  '-Djava.net.preferIPv4Stack=true',
  '-Xmx768m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
]

export interface RunningHbase {
  quorum: string
  stop(): Promise<void>
}

/** Why HBase cannot be started on this machine; null when it can. */
export async function whyNoHbase(): Promise<string | null> {
  try {
    const { stderr } = await run('java', ['-version'])
    const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
    if (major < 17) return `Java ${major}; 17 or later is needed`
    if (!existsSync(LIB)) await run('mvn', ['-v'])
    return null
  } catch (error) {
    return `Java 17 and Maven are needed: ${String(error)}`
  }
}

/** HBase from Maven Central: ZooKeeper, master and two region servers in one JVM, on loopback only. */
export async function startHbase(): Promise<RunningHbase> {
  if (!existsSync(join(LIB, '.complete'))) {
    await run(
      'mvn',
      ['-B', '-q', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${LIB}`],
      {
        cwd: POM_DIR,
      },
    )
    await writeFile(join(LIB, '.complete'), '')
  }
  const dir = await mkdtemp(join(tmpdir(), 'hbase-test-'))
  const [zookeeperPort, masterPort] = [await freePort(), await freePort()]
  await writeConfiguration(dir, zookeeperPort, masterPort)
  const log = createWriteStream(join(dir, 'hbase.log'))
  const args = [...JAVA_OPTIONS, '-cp', `${join(dir, 'conf')}:${LIB}/*`, 'org.apache.hadoop.hbase.master.HMaster']
  const child = spawn('java', [...args, '--localRegionServers=2', 'start'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(log)
  child.stderr.pipe(log)
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
    await rm(dir, { recursive: true, force: true })
  }
  const quorum = `127.0.0.1:${zookeeperPort}`
  try {
    await Promise.race([answers(quorum), exited])
    if (child.exitCode !== null) throw new Error('HBase ended')
  } catch (error) {
    const text = await readFile(join(dir, 'hbase.log'), 'utf8')
    await stop()
    throw new Error(`HBase did not start: ${String(error)}\n${text.slice(-3000)}`)
  }
  return { quorum, stop }
}

/** Waits until the master tells what tables there are. */
async function answers(quorum: string): Promise<void> {
  const store = new HbaseStore({ quorum, writeTimeoutMs: STARTED_WITHIN_MS, retryMaxMs: 250 })
  try {
    await store.checkTables()
  } finally {
    await store.close()
  }
}

async function writeConfiguration(dir: string, zookeeperPort: number, masterPort: number): Promise<void> {
  const settings = {
    'hbase.rootdir': `file://${dir}/data`,
    'hbase.tmp.dir': `${dir}/tmp`,
    'fs.file.impl': 'org.apache.hadoop.fs.RawLocalFileSystem',
    'hbase.wal.provider': 'filesystem',
    'hbase.cluster.distributed': 'false',
    'hbase.zookeeper.quorum': '127.0.0.1',
    'hbase.zookeeper.property.clientPort': String(zookeeperPort),
    'hbase.zookeeper.property.dataDir': `${dir}/zookeeper`,
    'hbase.master.hostname': '127.0.0.1',
    'hbase.master.ipc.address': '127.0.0.1',
    'hbase.master.port': String(masterPort),
    'hbase.master.info.port': '-1',
    'hbase.localcluster.assign.random.ports': 'false',
    'hbase.unsafe.regionserver.hostname': '127.0.0.1',
    'hbase.regionserver.ipc.address': '127.0.0.1',
    'hbase.regionserver.port': '0',
    'hbase.regionserver.info.port': '-1',
    'hbase.master.wait.on.regionservers.mintostart': '2',
    'hbase.status.published': 'false',
    'hbase.balancer.period': '3600000',
  }
  const properties = Object.entries(settings).map(
    ([k, v]) => `<property><name>${k}</name><value>${v}</value></property>`,
  )
  await mkdir(join(dir, 'conf'))
  await writeFile(join(dir, 'conf', 'hbase-site.xml'), `<configuration>${properties.join('\n')}</configuration>`)
  const logging = ['log4j.rootLogger=WARN,out', 'log4j.appender.out=org.apache.log4j.ConsoleAppender']
  logging.push('log4j.appender.out.target=System.err', 'log4j.appender.out.layout=org.apache.log4j.SimpleLayout')
  await writeFile(join(dir, 'conf', 'log4j.properties'), logging.join('\n'))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

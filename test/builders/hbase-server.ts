import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HbaseStore } from '../../src/store/hbase/hbase-store.js'
import { commonSettings, freePort, hbaseJars, JAVA_OPTIONS, LOG4J_PROPERTIES, siteXml } from './hbase-jars.js'

const STARTED_WITHIN_MS = 120_000
const ONE_JVM = ['-Xmx768m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

export interface RunningHbase {
  quorum: string
  pid: number
  stop(): Promise<void>
}

/** HBase from Maven Central: ZooKeeper, master and two region servers in one JVM, on loopback only. */
export async function startHbase(): Promise<RunningHbase> {
  const lib = await hbaseJars()
  const dir = await mkdtemp(join(tmpdir(), 'hbase-test-'))
  const [zookeeperPort, masterPort] = [await freePort(), await freePort()]
  const settings = { 'hbase.cluster.distributed': 'false', 'hbase.regionserver.port': '0' }
  await mkdir(join(dir, 'conf'))
  await writeFile(
    join(dir, 'conf', 'hbase-site.xml'),
    siteXml({ ...commonSettings(dir, zookeeperPort, masterPort), ...settings }),
  )
  await writeFile(join(dir, 'conf', 'log4j.properties'), LOG4J_PROPERTIES)
  const log = createWriteStream(join(dir, 'hbase.log'))
  const args = [...JAVA_OPTIONS, ...ONE_JVM, '-cp', `${join(dir, 'conf')}:${lib}/*`]
  const main = ['org.apache.hadoop.hbase.master.HMaster', '--localRegionServers=2', 'start']
  const child = spawn('java', [...args, ...main], { stdio: ['ignore', 'pipe', 'pipe'] })
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
  return { quorum, pid: child.pid!, stop }
}

/** Waits until the master tells what tables there are. */
export async function answers(quorum: string): Promise<void> {
  const store = new HbaseStore({ quorum, writeTimeoutMs: STARTED_WITHIN_MS, retryMaxMs: 250 })
  try {
    await store.checkTables()
  } finally {
    await store.close()
  }
}

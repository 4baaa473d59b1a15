import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

// dist/test/builders/hbase-jars.js → the package root
const POM_DIR = fileURLToPath(new URL('../../../test/integration/hbase', import.meta.url))
const LIBRARIES = { '2.6': 'lib', '1.2': 'lib12' }
const PROFILES = { '2.6': 'hbase26', '1.2': 'hbase12' }

export type HbaseVersion = keyof typeof LIBRARIES

/** What HBase needs to run on Java 17. */
export const JAVA_OPTIONS: readonly string[] = [
  ...['java.nio', 'sun.nio.ch', 'java.lang', 'java.lang.reflect', 'jdk.internal.ref', 'java.util'].map(
    (p) => `--add-opens=java.base/${p}=ALL-UNNAMED`,
  ),
  '--add-opens=java.base/java.util.concurrent=ALL-UNNAMED',
  '--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED',
  '--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED',
  '-Djava.net.preferIPv4Stack=true',
]

function directoryOf(version: HbaseVersion): string {
  return join(POM_DIR, 'target', LIBRARIES[version])
}

/** Why HBase cannot be started on this machine; null when it can. */
export async function whyNoHbase(): Promise<string | null> {
  try {
    const { stderr } = await run('java', ['-version'])
    const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
    if (major < 17) return `Java ${major}; 17 or later is needed`
    if (!existsSync(directoryOf('2.6'))) await run('mvn', ['-v'])
    return null
  } catch (error) {
    return `Java 17 and Maven are needed: ${String(error)}`
  }
}

/** The folder with HBase's jars, fetched from Maven Central when they are not there. */
export async function hbaseJars(version: HbaseVersion = '2.6'): Promise<string> {
  const lib = directoryOf(version)
  if (existsSync(join(lib, '.complete'))) return lib
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${lib}`]
  await run('mvn', ['-B', '-q', '-P', PROFILES[version], ...goal], { cwd: POM_DIR })
  await writeFile(join(lib, '.complete'), '')
  return lib
}

/** hbase-site.xml */
export function siteXml(settings: Readonly<Record<string, string>>): string {
  const properties = Object.entries(settings).map(
    ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`,
  )
  return `<configuration>${properties.join('\n')}</configuration>`
}

/** Warnings go to stderr. */
export const LOG4J_PROPERTIES: string = [
  'log4j.rootLogger=WARN,out',
  'log4j.appender.out=org.apache.log4j.ConsoleAppender',
  'log4j.appender.out.target=System.err',
  'log4j.appender.out.layout=org.apache.log4j.PatternLayout',
  'log4j.appender.out.layout.ConversionPattern=%d{ISO8601} %p %c{1}: %m%n',
].join('\n')

/** What one machine needs: files that keep what was written to them, and nothing but loopback. */
export function commonSettings(dir: string, zookeeperPort: number, masterPort: number): Record<string, string> {
  return {
    'hbase.rootdir': `file://${dir}/data`,
    'hbase.tmp.dir': `${dir}/tmp`,
    // flushes to the kernel, so that kill -9 of a server loses no edit that it acknowledged
    'fs.file.impl': 'org.apache.hadoop.fs.RawLocalFileSystem',
    'hbase.wal.provider': 'filesystem',
    'hbase.zookeeper.quorum': '127.0.0.1',
    'hbase.zookeeper.property.clientPort': String(zookeeperPort),
    'hbase.zookeeper.property.dataDir': `${dir}/zookeeper`,
    'hbase.master.hostname': '127.0.0.1',
    'hbase.master.ipc.address': '127.0.0.1',
    'hbase.master.port': String(masterPort),
    'hbase.master.info.port': '-1',
    'hbase.localcluster.assign.random.ports': 'false',
    'hbase.regionserver.hostname': '127.0.0.1',
    'hbase.unsafe.regionserver.hostname': '127.0.0.1',
    'hbase.regionserver.ipc.address': '127.0.0.1',
    'hbase.regionserver.info.port': '-1',
    'hbase.master.wait.on.regionservers.mintostart': '2',
    'hbase.status.published': 'false',
    'hbase.balancer.period': '3600000',
    // 2 MiB for each family of each region would be more than the heap
    'hbase.hregion.memstore.mslab.enabled': 'false',
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

import { rmSync } from 'node:fs'
import { temporaryDirectory } from '../../test/builders/collector.js'
import { flowCase } from '../cases/flow.js'
import type { BenchOptions } from '../cases/options.js'
import type { Flow } from '../collector/stores.js'
import { fillStore, TRACE_TABLES } from './fill-store.js'
import type { Growth, GrowthPoint } from './growth.js'

const MIB = 1024 * 1024
/** Longest that anything lives in the schema of 1.5.2, and what every size of store is set to. */
const TTL_DAYS = 60

async function grow(
  of: string,
  sizes: readonly number[],
  run: (size: number) => Promise<Omit<GrowthPoint, 'size'>>,
): Promise<Growth> {
  const points: GrowthPoint[] = []
  for (const size of sizes) points.push({ size, ...(await run(size)) })
  return { of, points }
}

/** The same load from more and more agents. */
export function growAgents(flow: Flow, sizes: readonly number[], options: BenchOptions): Promise<Growth> {
  return grow('agents', sizes, async (agents) => {
    const [result] = await flowCase(flow, { ...options, agents })
    return { result, more: {} }
  })
}

/** The same number of datagrams a second with larger and larger spans. */
export function growEvents(flow: Flow, sizes: readonly number[], options: BenchOptions): Promise<Growth> {
  return grow('events a span', sizes, async (spans) => {
    const [result] = await flowCase(flow, { ...options, spans })
    const { sent } = result.round!
    const cpuUs = result.cpuUsADatagram * result.round!.datagrams
    return {
      result,
      more: {
        'bytes/datagram': sent.bytes / (sent.span + sent.chunk),
        'us CPU/event': cpuUs / Math.max(1, sent.events),
        'us CPU/KiB': (cpuUs * 1024) / sent.bytes,
      },
    }
  })
}

/** The same load on an embedded store that already holds so many days. */
export function growDays(sizes: readonly number[], tracesADay: number, options: BenchOptions): Promise<Growth> {
  return grow('days', sizes, async (days) => {
    const dataDir = temporaryDirectory()
    options.say(`writing ${days} days of ${tracesADay} traces`)
    const filled = await fillStore(dataDir, days, TTL_DAYS, tracesADay)
    const settings = [...options.settings, `ttl=${TRACE_TABLES.map((name) => `${name}=${TTL_DAYS}d`).join(',')}`]
    const [result] = await flowCase('embedded', { ...options, dataDir, settings })
    rmSync(dataDir, { recursive: true, force: true })
    return {
      result,
      more: {
        'disk MiB before': filled.diskBytes / MIB,
        'bytes/datagram on disk': filled.diskBytes / filled.datagrams,
        files: filled.files,
        'READY s': (result.readyMs ?? 0) / 1000,
        'get oldest us': filled.oldestGetUs,
        'get newest us': filled.newestGetUs,
      },
    }
  })
}

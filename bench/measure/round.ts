import { udpQueueBytes } from '../../test/builders/collector-usage.js'
import type { Generators } from '../agent/generators.js'
import { datagramsOf, type Sent } from '../agent/sender.js'
import type { Target } from '../collector/target.js'
import { difference, type Loss, lossOf } from './loss.js'
import { bucketsBetween, percentile } from './percentile.js'
import type { Trial } from './ramp.js'
import { RssPeak, type Usage } from './usage.js'

/** A generator that sends less than this share of what it should is the bottleneck. */
const GENERATOR_SHARE = 0.97
/** What waits in the collector must be stored so soon after the last datagram, or it does not keep up. */
const KEPT_UP_MS = 3_000
/** Then it is waited for, so that the next round begins with nothing. */
const DRAIN_LIMIT_MS = 60_000
const LOOK_PAUSE_MS = 100
/** the collector's flush interval, twice */
const BATCH_MS = 250
/** for what a collector does after it has read the last datagram, when it does not tell */
const SILENT_MS = 1_000

/** One load on one collector, from the first datagram until everything is stored. */
export interface Round extends Trial {
  /** datagrams a second */
  datagramRate: number
  spanRate: number
  datagrams: number
  spans: number
  sent: Sent
  loss: Loss
  /** what was sent is stored, and soon enough */
  keptUp: boolean
  cpuSeconds: number
  cpuUsADatagram: number
  cpuUsASpan: number
  rssBytes: number
  rssSeries: { seconds: number; bytes: number }[]
  processes: number
  /** ms a second; null: it does not tell */
  gcMsASecond: number | null
  /** ms, from arrival of a batch's first message to the store's answer; null: it does not tell */
  p50Ms: number | null
  p99Ms: number | null
  generatorRssBytes: number
  /** null: no store of its own */
  storeCpuUsADatagram: number | null
  storeRssBytes: number | null
}

export interface RoundSetup {
  target: Target
  generators: Generators
  generatorUsage: () => Usage
  storeUsage?: (() => Usage) | undefined
}

export async function round(
  { target, generators, generatorUsage, storeUsage }: RoundSetup,
  rate: number,
  seconds: number,
): Promise<Round> {
  const before = await target.look()
  const cpuBefore = target.usage().cpuSeconds
  const storeCpuBefore = storeUsage?.().cpuSeconds ?? 0
  const rss = new RssPeak(target.usage)
  const sent = await generators.send(rate, seconds)
  const datagrams = datagramsOf(sent)
  const ended = performance.now()
  await quiet(target)
  // looking costs the collector CPU too, so this is what counts when everything is done by now
  let usage = target.usage()
  let keptUp = false
  let asked = performance.now()
  let after = await target.look()
  const settled = (): boolean => {
    const { counts } = after
    const { received, kernelDrops } = difference(counts, before.counts)
    return (received === null || received + kernelDrops >= datagrams) && target.idle(after)
  }
  while (performance.now() - ended < DRAIN_LIMIT_MS) {
    if (settled()) {
      // a look may take long; it tells of the time after it was asked for
      keptUp = asked - ended < KEPT_UP_MS
      break
    }
    await pause(LOOK_PAUSE_MS)
    usage = target.usage()
    asked = performance.now()
    after = await target.look()
  }
  if (after.counts.received === null) {
    await pause(SILENT_MS)
    after = await target.look()
  }
  const loss = lossOf(datagrams, difference(after.counts, before.counts))
  const cpuSeconds = usage.cpuSeconds - cpuBefore
  const acknowledged = bucketsBetween(after.acknowledged, before.acknowledged)
  const ms = (share: number): number | null => {
    const value = percentile(acknowledged, share)
    return value === null ? null : value * 1000
  }
  const store = storeUsage?.()
  return {
    rate,
    lossless: loss.lost === 0 && keptUp && (loss.unaccounted ?? 0) === 0,
    generatorLimited: sent.span + sent.chunk < GENERATOR_SHARE * sent.due,
    datagramRate: (datagrams * 1000) / sent.tookMs,
    spanRate: (sent.span * 1000) / sent.tookMs,
    datagrams,
    spans: sent.span,
    sent,
    loss,
    keptUp,
    cpuSeconds,
    cpuUsADatagram: (cpuSeconds * 1e6) / datagrams,
    cpuUsASpan: (cpuSeconds * 1e6) / sent.span,
    rssBytes: rss.stop(),
    rssSeries: rss.series,
    processes: usage.processes,
    gcMsASecond:
      after.gcSeconds === null || before.gcSeconds === null
        ? null
        : ((after.gcSeconds - before.gcSeconds) * 1e6) / sent.tookMs,
    p50Ms: ms(0.5),
    p99Ms: ms(0.99),
    generatorRssBytes: generatorUsage().rssBytes,
    storeCpuUsADatagram: store === undefined ? null : ((store.cpuSeconds - storeCpuBefore) * 1e6) / datagrams,
    storeRssBytes: store?.rssBytes ?? null,
  }
}

/** Waits until the kernel holds no datagram, and a batch had the time to be written. */
async function quiet({ ports }: Target): Promise<void> {
  const end = performance.now() + KEPT_UP_MS / 2
  while (udpQueueBytes(ports.span) + udpQueueBytes(ports.stat) > 0 && performance.now() < end)
    await pause(LOOK_PAUSE_MS)
  await pause(BATCH_MS)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

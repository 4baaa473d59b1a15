import fs, { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SpillQueue } from '../../src/batch/spill/spill-queue.js'
import { PUT } from '../../src/batch/spill/spill-record.js'
import { StoreError } from '../../src/errors.js'
import { type PipelineOptions, pipeline, type TestPipeline } from './pipeline.js'
import { SMALL_AGENT_STAT } from './pipeline-messages.js'

export interface TestQueue {
  queue: SpillQueue
  lost: [why: string, count: number][]
  warnings: string[]
}

const directories: string[] = []
process.on('exit', () => {
  for (const dir of directories) rmSync(dir, { recursive: true, force: true })
})

/** A directory with a short path, gone when the process ends. */
export function spillDirectory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'spill-'))
  directories.push(dir)
  return dir
}

export function spillQueue(dir: string, maxBytes = 1 << 20, segmentBytes = 1 << 16, orphans: string[] = []): TestQueue {
  const lost: TestQueue['lost'] = []
  const warnings: string[] = []
  const warn = (key: string, text: string): void => void warnings.push(`${key}: ${text}`)
  const onLost = (why: string, count: number): void => void lost.push([why, count])
  const queue = new SpillQueue({ dir, maxBytes, segmentBytes, warn, onLost })
  queue.open(orphans)
  return { queue, lost, warnings }
}

export type DiskCall = 'writeSync' | 'writevSync' | 'unlinkSync'

/** From now on these calls fail for files below `dir`, as long as `fails` says so. @returns frees the disk */
export function fullDisk(dir: string, calls: DiskCall[], fails: (call: DiskCall) => boolean = () => true): () => void {
  const real = { ...fs }
  const full = fs as unknown as Record<DiskCall, (file: number | string, ...rest: unknown[]) => unknown>
  for (const call of calls) {
    full[call] = (file, ...rest) => {
      const path = typeof file === 'string' ? file : readlinkSync(`/proc/self/fd/${file}`)
      if (path.startsWith(dir) && fails(call))
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
      return (real[call] as (...args: unknown[]) => unknown)(file, ...rest)
    }
  }
  return () => {
    for (const call of calls) Object.assign(fs, { [call]: real[call] })
  }
}

/** Files below `dir` that this process has open. */
export function openFiles(dir: string): number {
  let n = 0
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`).startsWith(dir)) n++
    } catch {
      // the one that the directory was read with
    }
  }
  return n
}

/** A record that counts as many as its text is long. */
export function put(queue: SpillQueue, text: string): void {
  queue.append(PUT, text.length, [Buffer.from(text)])
}

/** Texts of all records, acknowledged one by one. */
export async function takeAll(queue: SpillQueue): Promise<string[]> {
  const texts: string[] = []
  for (let record = await queue.take(); record !== null; record = await queue.take()) {
    texts.push(record.payload.toString())
    queue.ack([record.place])
  }
  return texts
}

export function filesOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.spill'))
    .sort()
    .map((name) => join(dir, name))
}

/** A pipeline whose spill takes everything that the store has not taken at once. */
export async function spillingPipeline(
  dir: string,
  options: PipelineOptions & {
    worker?: number
    workers?: number
    afterMs?: number
    maxBytes?: number
    segmentBytes?: number
  } = {},
): Promise<TestPipeline> {
  const { worker = 0, workers = 1, afterMs = 0, maxBytes = 1 << 20, segmentBytes = 1 << 16, ...rest } = options
  const p = pipeline({ spill: { dir, maxBytes, worker, workers, afterMs, segmentBytes }, ...rest })
  await p.spill!.open()
  return p
}

export const away = (): never => {
  throw new StoreError('unavailable', 'away', true)
}

/** One message of one row, whose timestamp tells which it was. */
export function give(p: TestPipeline, timestamp: number): void {
  p.give('TAgentStat', { ...SMALL_AGENT_STAT, timestamp })
}

/** The timestamps of the rows that the store acknowledged. */
export function stored(p: TestPipeline): number[] {
  return p.store.rows.map((r) => Number(2n ** 63n - 1n - r.key.readBigInt64BE(25)))
}

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0)

/** The identities of accounting.ts, less nothing. */
export function balanced({ accounting, flusher, spill }: TestPipeline): boolean {
  const { messages, recovered, inFlight, dropped, counts } = accounting
  const ended = sum(accounting.stored) + sum(Object.values(dropped))
  const waiting = flusher.pending + (spill?.counters.unreadCount ?? 0)
  return (
    sum(messages) + recovered === ended + inFlight &&
    counts.taken + counts.recovered >= counts.stored + counts.dropped + waiting
  )
}

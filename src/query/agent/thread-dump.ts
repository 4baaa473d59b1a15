import { DecodeError } from '../../errors.js'
import { CompactReader } from '../../thrift/compact-reader.js'
import {
  readTCommandThreadDumpResponse,
  TCommandThreadDumpResponse,
  TCommandThreadDumpResponseBit,
  type TMonitorInfo,
  TMonitorInfoBit,
  type TThreadDump,
  TThreadDumpBit,
  TThreadState,
} from '../../thrift/generated/command.js'
import { readHeader } from '../../thrift/header.js'

// The body of a thread dump's event: the message TCommandThreadDumpResponse with its header (spec: storage.md §7.3).
// The original answers every getter of its Thrift classes: each field, whether it was set, and each list three times.

const CODE_THREAD_DUMP_RESPONSE = 721
const HIGH = 0x1_0000_0000
const STATES = new Map<number, string>(Object.entries(TThreadState).map(([name, value]) => [value, name]))

/** A list as it stands, its length, and the list again. */
type Listed<Name extends string, T> = Record<Name | `${Name}Iterator`, T[] | null> & Record<`${Name}Size`, number>

type Flags = Record<`set${string}`, boolean>

type MonitorJson = { stackDepth: number; stackFrame: string | null } & Flags

type ThreadJson = {
  threadName: string | null
  threadId: number
  /** ms; -1: not measured */
  blockedTime: number
  blockedCount: number
  waitedTime: number
  waitedCount: number
  lockName: string | null
  lockOwnerId: number
  lockOwnerName: string | null
  inNative: boolean
  suspended: boolean
  threadState: string | null
} & Listed<'stackTrace', string> &
  Listed<'lockedMonitors', MonitorJson> &
  Listed<'lockedSynchronizers', string> &
  Flags

export type ThreadDumpJson = Listed<'threadDumps', ThreadJson> & Flags

/** The threads of a dump; null when the body is something else. */
export function threadDumpJson(body: Buffer): ThreadDumpJson | null {
  const r = new CompactReader()
  r.reset(body, 0, body.length)
  const m = new TCommandThreadDumpResponse()
  try {
    if (readHeader(r) !== CODE_THREAD_DUMP_RESPONSE) return null
    readTCommandThreadDumpResponse(r, m)
  } catch (error) {
    if (error instanceof DecodeError) return null
    throw error
  }
  const threads = m.threadDumps.slice(0, Math.max(0, m.threadDumpsCount)).map((thread) => threadJson(body, thread))
  return {
    ...listed('threadDumps', m.threadDumpsCount < 0 ? null : threads),
    setThreadDumps: (m.set & TCommandThreadDumpResponseBit.threadDumps) !== 0,
  }
}

function threadJson(body: Buffer, m: TThreadDump): ThreadJson {
  const monitors = m.lockedMonitors.slice(0, Math.max(0, m.lockedMonitorsCount))
  return {
    threadName: text(body, m.threadNameAt, m.threadNameLen),
    threadId: whole(m.threadIdHi, m.threadIdLo),
    blockedTime: whole(m.blockedTimeHi, m.blockedTimeLo),
    blockedCount: whole(m.blockedCountHi, m.blockedCountLo),
    waitedTime: whole(m.waitedTimeHi, m.waitedTimeLo),
    waitedCount: whole(m.waitedCountHi, m.waitedCountLo),
    lockName: text(body, m.lockNameAt, m.lockNameLen),
    lockOwnerId: whole(m.lockOwnerIdHi, m.lockOwnerIdLo),
    lockOwnerName: text(body, m.lockOwnerNameAt, m.lockOwnerNameLen),
    inNative: m.inNative,
    suspended: m.suspended,
    threadState: (m.set & TThreadDumpBit.threadState) === 0 ? null : (STATES.get(m.threadState) ?? null),
    ...listed('stackTrace', texts(body, m.stackTraceSlices, m.stackTraceCount)),
    ...listed('lockedMonitors', m.lockedMonitorsCount < 0 ? null : monitors.map((info) => monitorJson(body, info))),
    ...listed('lockedSynchronizers', texts(body, m.lockedSynchronizersSlices, m.lockedSynchronizersCount)),
    ...flags(m.set, {
      setThreadName: TThreadDumpBit.threadName,
      setThreadId: TThreadDumpBit.threadId,
      setBlockedTime: TThreadDumpBit.blockedTime,
      setBlockedCount: TThreadDumpBit.blockedCount,
      setWaitedTime: TThreadDumpBit.waitedTime,
      setWaitedCount: TThreadDumpBit.waitedCount,
      setLockName: TThreadDumpBit.lockName,
      setLockOwnerId: TThreadDumpBit.lockOwnerId,
      setLockOwnerName: TThreadDumpBit.lockOwnerName,
      setInNative: TThreadDumpBit.inNative,
      setSuspended: TThreadDumpBit.suspended,
      setThreadState: TThreadDumpBit.threadState,
      setStackTrace: TThreadDumpBit.stackTrace,
      setLockedMonitors: TThreadDumpBit.lockedMonitors,
      setLockedSynchronizers: TThreadDumpBit.lockedSynchronizers,
    }),
  }
}

function monitorJson(body: Buffer, m: TMonitorInfo): MonitorJson {
  return {
    stackDepth: m.stackDepth,
    stackFrame: text(body, m.stackFrameAt, m.stackFrameLen),
    ...flags(m.set, { setStackFrame: TMonitorInfoBit.stackFrame, setStackDepth: TMonitorInfoBit.stackDepth }),
  }
}

function listed<Name extends string, T>(name: Name, list: T[] | null): Listed<Name, T> {
  return { [name]: list, [`${name}Size`]: list?.length ?? 0, [`${name}Iterator`]: list } as Listed<Name, T>
}

function flags(set: number, bits: Record<`set${string}`, number>): Flags {
  return Object.fromEntries(Object.entries(bits).map(([name, bit]) => [name, (set & bit) !== 0]))
}

function whole(high: number, low: number): number {
  return high * HIGH + (low >>> 0)
}

function text(body: Buffer, at: number, length: number): string | null {
  return length < 0 ? null : body.toString('utf8', at, at + length)
}

/** @param slices start and length of each */
function texts(body: Buffer, slices: readonly number[], count: number): string[] | null {
  if (count < 0) return null
  return Array.from({ length: count }, (_, i) =>
    body.toString('utf8', slices[2 * i], slices[2 * i] + slices[2 * i + 1]),
  )
}

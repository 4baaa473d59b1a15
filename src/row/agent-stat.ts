import { RowError } from '../errors.js'
import { type TActiveTraceHistogram, type TAgentStat, TAgentStatBit, TJvmGcType } from '../thrift/generated/pinpoint.js'
import type { RowBatch } from './row-batch.js'
import { table } from './tables.js'
import { NAME_WIDTH } from './transaction-id.js'

// AgentStat (spec: storage.md §7.4), one row a sample:
//   row     => pad24(agent id)  rev(timestamp of the sample)
//   columns => int gcT [gcOldC gcOldT hpU hpM nHpU nHpM] [jvmCpu sysCpu] [tSN tSC tUnSN tUnSC] [aH]

const AGENT_STAT = table('AgentStat')
const S = 0

const COLLECT_INTERVAL = Buffer.from('int')
const GC_TYPE = Buffer.from('gcT')
const GC_OLD_COUNT = Buffer.from('gcOldC')
const GC_OLD_TIME = Buffer.from('gcOldT')
const HEAP_USED = Buffer.from('hpU')
const HEAP_MAX = Buffer.from('hpM')
const NON_HEAP_USED = Buffer.from('nHpU')
const NON_HEAP_MAX = Buffer.from('nHpM')
const JVM_CPU = Buffer.from('jvmCpu')
const SYSTEM_CPU = Buffer.from('sysCpu')
const SAMPLED_NEW = Buffer.from('tSN')
const SAMPLED_CONTINUATION = Buffer.from('tSC')
const UNSAMPLED_NEW = Buffer.from('tUnSN')
const UNSAMPLED_CONTINUATION = Buffer.from('tUnSC')
const ACTIVE_TRACE = Buffer.from('aH')

/** Counts of fast, normal, slow and very slow requests. */
const HISTOGRAM_COUNTS = 4

const GC_TYPE_NAMES = new Map(Object.entries(TJvmGcType).map(([name, code]) => [code as number, Buffer.from(name)]))

/** The type's name as the tables spell it; unknown numbers are UNKNOWN. */
export function gcTypeName(code: number): Buffer {
  return GC_TYPE_NAMES.get(code) ?? GC_TYPE_NAMES.get(TJvmGcType.UNKNOWN)!
}

function cell(rows: RowBatch, qualifier: Buffer): void {
  rows.beginCell(S)
  rows.w.raw(qualifier, 0, qualifier.length)
  rows.beginValue()
}

function long(rows: RowBatch, qualifier: Buffer, hi: number, lo: number): void {
  cell(rows, qualifier)
  rows.w.i64(hi, lo)
  rows.endCell()
}

function double(rows: RowBatch, qualifier: Buffer, value: number): void {
  cell(rows, qualifier)
  rows.w.f64(value)
  rows.endCell()
}

/** Appends the row of one sample of the agent that is named by the slice. Throws RowError when the sample cannot be stored. */
export function appendAgentStat(
  rows: RowBatch,
  bytes: Uint8Array,
  agentAt: number,
  agentLen: number,
  stat: TAgentStat,
): void {
  const set = stat.set
  const w = rows.w
  rows.beginRow(AGENT_STAT)
  w.padStr(bytes, agentAt, agentLen, NAME_WIDTH)
  w.rev64(stat.timestampHi, stat.timestampLo)
  rows.endKey()

  long(rows, COLLECT_INTERVAL, stat.collectIntervalHi, stat.collectIntervalLo)
  const gc = (set & TAgentStatBit.gc) !== 0 ? stat.gc : null
  const name = gcTypeName(gc?.type ?? TJvmGcType.UNKNOWN)
  cell(rows, GC_TYPE)
  w.raw(name, 0, name.length)
  rows.endCell()
  if (gc !== null) {
    long(rows, GC_OLD_COUNT, gc.jvmGcOldCountHi, gc.jvmGcOldCountLo)
    long(rows, GC_OLD_TIME, gc.jvmGcOldTimeHi, gc.jvmGcOldTimeLo)
    long(rows, HEAP_USED, gc.jvmMemoryHeapUsedHi, gc.jvmMemoryHeapUsedLo)
    long(rows, HEAP_MAX, gc.jvmMemoryHeapMaxHi, gc.jvmMemoryHeapMaxLo)
    long(rows, NON_HEAP_USED, gc.jvmMemoryNonHeapUsedHi, gc.jvmMemoryNonHeapUsedLo)
    long(rows, NON_HEAP_MAX, gc.jvmMemoryNonHeapMaxHi, gc.jvmMemoryNonHeapMaxLo)
  }
  const cpu = (set & TAgentStatBit.cpuLoad) !== 0 ? stat.cpuLoad : null
  if (cpu !== null) {
    double(rows, JVM_CPU, cpu.jvmCpuLoad)
    double(rows, SYSTEM_CPU, cpu.systemCpuLoad)
  }
  const transaction = (set & TAgentStatBit.transaction) !== 0 ? stat.transaction : null
  if (transaction !== null) {
    long(rows, SAMPLED_NEW, transaction.sampledNewCountHi, transaction.sampledNewCountLo)
    long(rows, SAMPLED_CONTINUATION, transaction.sampledContinuationCountHi, transaction.sampledContinuationCountLo)
    long(rows, UNSAMPLED_NEW, transaction.unsampledNewCountHi, transaction.unsampledNewCountLo)
    long(
      rows,
      UNSAMPLED_CONTINUATION,
      transaction.unsampledContinuationCountHi,
      transaction.unsampledContinuationCountLo,
    )
  }
  const active = (set & TAgentStatBit.activeTrace) !== 0 ? stat.activeTrace : null
  if (active !== null && active.set !== 0 && active.histogram !== null) {
    cell(rows, ACTIVE_TRACE)
    writeHistogram(rows, active.histogram)
    rows.endCell()
  }
  rows.endRow()
}

/** i8 version  var schema type  [version 0: var(4) four var counts] */
function writeHistogram(rows: RowBatch, histogram: TActiveTraceHistogram): void {
  const w = rows.w
  const version = histogram.version
  if (version < 0 || version > 255) throw new RowError('bad_stat', `active trace histogram of version ${version}`)
  w.i8(version)
  w.var32(histogram.histogramSchemaType)
  if (version !== 0) return
  const count = histogram.activeTraceCountCount
  if (count >= 0 && count !== HISTOGRAM_COUNTS)
    throw new RowError('bad_stat', `active trace histogram of ${count} counts`)
  w.var32(HISTOGRAM_COUNTS)
  for (let i = 0; i < HISTOGRAM_COUNTS; i++) w.var32(count < 0 ? 0 : histogram.activeTraceCount[i])
}

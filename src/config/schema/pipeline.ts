import { GIB, KIB, MIB } from '../quantity.js'
import { bytes, count, duration } from '../setting.js'

/** Settings between receivers and store. */
export const PIPELINE_SETTINGS = {
  batchFlushIntervalMs: duration('batch.flushIntervalMs', 100, {
    section: 'Batching',
    min: 1,
    max: 60_000,
    help: 'Longest time that rows wait for more rows before they are written.',
  }),
  batchMaxBytes: bytes('batch.maxBytes', MIB, {
    section: 'Batching',
    min: 4 * KIB,
    max: 256 * MIB,
    help: 'Bytes of rows that are written at once without waiting longer.',
  }),
  batchMaxQueueBytes: bytes('batch.maxQueueBytes', 24 * MIB, {
    section: 'Batching',
    min: MIB,
    max: 64 * GIB,
    help: 'Most bytes of rows that wait for the store, in each worker; beyond it messages are dropped and counted.',
  }),
  batchMaxMessageBytes: bytes('batch.maxMessageBytes', 8 * MIB, {
    section: 'Batching',
    min: 64 * KIB,
    max: GIB,
    help: 'Largest rows that one message may make.',
  }),
  statisticsFlushPeriodMs: duration('statistics.flushPeriodMs', 1000, {
    section: 'Statistics',
    min: 10,
    max: 600_000,
    help: 'Time that counts of the server map are added up in memory before they are written.',
    legacy: ['statistics.flushPeriod'],
  }),
  statisticsMaxBytes: bytes('statistics.maxBytes', 16 * MIB, {
    section: 'Statistics',
    min: 64 * KIB,
    max: 4 * GIB,
    help: 'Most bytes of counts in memory, in each worker; when reached, new ones are dropped and counted until the next flush.',
  }),
  spanEventSequenceLimit: count('spanEvent.sequenceLimit', 10_000, {
    section: 'Statistics',
    min: 0,
    max: 32_767,
    help: 'Span events with a larger sequence are not stored.',
    legacy: ['collector.spanEvent.sequence.limit'],
  }),
  hostMapCacheEntries: count('hostMap.cacheEntries', 10_000, {
    section: 'Statistics',
    min: 1,
    max: 10_000_000,
    help: 'Rows of HostApplicationMap_Ver2 remembered as written in this minute, so that they are written once.',
  }),
}

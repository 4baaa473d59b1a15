import { GIB, MIB } from '../quantity.js'
import { bytes, count, duration } from '../setting.js'

/** Settings of the read API: what one request may cost, and how many run. */
export const QUERY_SETTINGS = {
  queryMaxRangeMs: duration('query.maxRangeMs', 48 * 3_600_000, {
    section: 'Queries',
    min: 60_000,
    max: 60 * 86_400_000,
    help: 'Longest time that one request may ask for.',
  }),
  queryMaxPoints: count('query.maxPoints', 10_000, {
    section: 'Queries',
    min: 100,
    max: 1_000_000,
    help: 'Points of one scatter answer, and transactions of one filtered map; a request for more gets so many.',
  }),
  queryMaxTransactions: count('query.maxTransactions', 10_000, {
    section: 'Queries',
    min: 1,
    max: 100_000,
    help: 'Transactions that may be selected in one request.',
  }),
  queryMaxRows: count('query.maxRows', 500_000, {
    section: 'Queries',
    min: 1_000,
    max: 100_000_000,
    help: 'Rows that one request may read of any other table.',
  }),
  queryMaxBytes: bytes('query.maxBytes', 128 * MIB, {
    section: 'Queries',
    min: MIB,
    max: 64 * GIB,
    help: 'Bytes that one request may read of all tables together, the texts of a call tree added; most are gone again when the next ones are read.',
  }),
  queryMaxRunning: count('query.maxRunning', 4, {
    section: 'Queries',
    min: 1,
    max: 1_000,
    help: 'Queries that a process answers at a time, each with query.maxBytes of its own; a few others wait, more get status 503.',
  }),
}

import t from 'tap'
import { findTable, TABLES, table } from '../../../src/row/tables.js'

// storage.md §1.1: [families, days, regions, buckets, hash, families with the accept time]
const EXPECTED: Record<string, [families: string, days: number, regions: number, salt: string, acceptTime: string]> = {
  AgentInfo: ['Info', 365, 1, '', ''],
  ApplicationIndex: ['Agents', 365, 1, '', ''],
  AgentLifeCycle: ['S', 60, 1, '', ''],
  AgentEvent: ['E', 60, 1, '', ''],
  AgentStat: ['S', 60, 16, 'range 24 32', ''],
  ApiMetaData: ['Api', 365, 8, 'range 32 8', ''],
  SqlMetaData_Ver2: ['Sql', 180, 16, 'range 36 32', ''],
  StringMetaData: ['Str', 180, 8, 'range 32 8', ''],
  Traces: ['S A T', 60, 64, 'whole 64', 'S T'],
  ApplicationTraceIndex: ['I', 60, 16, 'whole 32', 'I'],
  HostApplicationMap_Ver2: ['M', 60, 4, 'range 24 4', ''],
  ApplicationMapStatisticsCallee_Ver2: ['C', 60, 16, 'range 36 32', ''],
  ApplicationMapStatisticsCaller_Ver2: ['C', 60, 16, 'range 36 32', ''],
  ApplicationMapStatisticsSelf_Ver2: ['C', 60, 8, 'range 32 8', ''],
}

t.test('the 14 tables are those of the specification', async (t) => {
  t.strictSame(TABLES.map((t) => t.name).sort(), Object.keys(EXPECTED).sort())
  for (const [id, found] of TABLES.entries()) {
    const { salt } = found
    const hashed = salt?.hash === 'range' ? `range ${salt.end}` : salt?.hash
    const acceptTime = found.families.filter((_, i) => found.acceptTime[i]).join(' ')
    t.strictSame(
      [
        found.families.join(' '),
        found.ttl / 86400,
        found.splits + 1,
        salt ? `${hashed} ${salt.buckets}` : '',
        acceptTime,
      ],
      EXPECTED[found.name],
      found.name,
    )
    t.equal(found.id, id)
    t.equal(found.kind, found.name.startsWith('ApplicationMapStatistics') ? 'increment' : 'put')
  }
})

t.test('region splits divide the buckets evenly', async (t) => {
  for (const { name, salt, splits, step } of TABLES) {
    if (salt === null) t.equal(splits, 0, name)
    else t.equal((splits + 1) * step, salt.buckets, name)
  }
})

t.test('a table is found by its name', async (t) => {
  t.equal(table('Traces'), findTable('Traces'))
  t.equal(findTable('traces'), undefined)
  t.throws(() => table('TraceV2'), { message: /no such table: TraceV2.*Traces/ })
})

// A dump in a form in which two collectors that had the same traffic agree. What depends on the moment of arrival is
// taken out, the rest stays byte for byte; a fact is a line "table key family qualifier value" with its number:
//
//   ApplicationTraceIndex        key is the application: no salt, no accept time; a set
//   HostApplicationMap_Ver2      no minute; a set
//   ApplicationMapStatistics…    no minute, no value: the number is the sum of the counters
//   AgentEvent, AgentLifeCycle   no event time inside the value; AgentEvent no time in the key either
//   others                       as they are
//
// A line that begins with "=" is a fact already: "=number fact".

export type Facts = Map<string, number>

const NAME_BYTES = 24
const I32_BYTES = 4
const I64_BYTES = 8
const TYPE_BYTES = 2
const SALT_BYTES = 1
/** two-byte length before the name in a statistics key, behind its salt */
const STATISTICS_PREFIX_BYTES = 3

function bytes(hex: string): Buffer {
  return hex === '-' ? Buffer.alloc(0) : Buffer.from(hex, 'hex')
}

function hex(value: Buffer): string {
  return value.toString('hex') || '-'
}

function name(padded: Buffer): string {
  return padded.toString('latin1').replace(/\0+$/, '')
}

/** i32 version, agent id behind a zigzag varint of its length, i64 start, i64 EVENT TIME, rest => without the event time */
function withoutEventTime(value: Buffer): Buffer {
  let at = I32_BYTES
  let varint = 0
  for (let shift = 0; ; shift += 7) {
    const byte = value[at++]
    varint |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  const length = (varint >>> 1) ^ -(varint & 1)
  at += Math.max(0, length) + I64_BYTES
  return Buffer.concat([value.subarray(0, at), value.subarray(at + I64_BYTES)])
}

function addCell(facts: Facts, line: string): void {
  const [table, rowHex, family, qualifier, valueHex] = line.split(' ')
  const row = bytes(rowHex)
  let key = rowHex
  let value = valueHex
  let count = 1
  let set = false
  if (table === 'ApplicationTraceIndex') {
    key = `app=${name(row.subarray(SALT_BYTES, SALT_BYTES + NAME_BYTES))}`
    set = true
  } else if (table === 'HostApplicationMap_Ver2') {
    key = `parent=${row.subarray(SALT_BYTES, -I64_BYTES).toString('hex')}`
    set = true
  } else if (table.startsWith('ApplicationMapStatistics')) {
    const typeAt = row.length - I64_BYTES - TYPE_BYTES
    const type = row.subarray(typeAt, typeAt + TYPE_BYTES).toString('hex')
    key = `name=${row.subarray(STATISTICS_PREFIX_BYTES, typeAt).toString()} type=${type}`
    count = Number(bytes(valueHex).readBigInt64BE())
    value = '-'
  } else if (table === 'AgentEvent') {
    key = `agent=${name(row.subarray(0, NAME_BYTES))}`
    value = hex(withoutEventTime(bytes(valueHex)))
  } else if (table === 'AgentLifeCycle') {
    value = hex(withoutEventTime(bytes(valueHex)))
  }
  add(facts, `${table} ${key} ${family} ${qualifier} ${value}`, count, set)
}

function add(facts: Facts, fact: string, count: number, set: boolean): void {
  facts.set(fact, set ? 1 : (facts.get(fact) ?? 0) + count)
}

/** The facts of a dump, or of lines that are facts. */
export async function factsOf(lines: AsyncIterable<string> | Iterable<string>): Promise<Facts> {
  const facts: Facts = new Map()
  for await (const line of lines) {
    const known = /^=(\d+) (.*)$/.exec(line)
    if (known !== null) add(facts, known[2], Number(known[1]), false)
    else addCell(facts, line)
  }
  return facts
}

/** What one has and the other has not, or not as often: empty when they are equal. */
export function differences(expected: Facts, found: Facts): string[] {
  const lines: string[] = []
  for (const [fact, n] of expected) {
    const m = found.get(fact) ?? 0
    if (m !== n) lines.push(`expected ${n}, found ${m}: ${fact}`)
  }
  for (const [fact, m] of found) if (!expected.has(fact)) lines.push(`expected 0, found ${m}: ${fact}`)
  return lines
}

/**
 * Differences without the Traces cells that both have, with another value: agents of 1.5.2 write some cells twice within
 * a millisecond, and with several workers (as with several threads of the original) either message may come last.
 */
export function withoutRaced(expected: Facts, found: Facts): { differences: string[]; raced: number } {
  const cellsOf = (facts: Facts, others: Facts): Set<string> =>
    new Set([...facts.keys()].filter((fact) => fact.startsWith('Traces ') && !others.has(fact)).map(cellOf))
  const inExpected = cellsOf(expected, found)
  const inFound = cellsOf(found, expected)
  const raced = [...inExpected].filter((cell) => inFound.has(cell))
  const all = differences(expected, found)
  return { differences: all.filter((line) => !raced.some((cell) => line.includes(cell))), raced: raced.length }
}

function cellOf(fact: string): string {
  return fact.slice(0, fact.lastIndexOf(' ') + 1)
}

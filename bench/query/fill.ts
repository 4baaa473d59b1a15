import { EmbeddedStore } from '../../src/store/embedded/embedded-store.js'
import { encodeMessage } from '../../test/builders/thrift-encode.js'
import type { Plain } from '../../test/builders/thrift-idl.js'
import { type Identity, identity } from '../agent/identity.js'
import { readMix } from '../agent/mix.js'
import { filled, patch, templateOf } from '../agent/template.js'
import { tracesToSend } from '../agent/traces.js'
import { FIRST_SEQUENCE } from '../agent/varint.js'
import { RowMapper } from '../cases/row-mapper.js'
import { callsThrough } from './calls.js'

/** Of one application, as in identity.ts. */
const AGENTS = 10
const BATCH_BYTES = 1 << 20
const CALLS_EVERY_MS = 15_000

/** Writes so many spans of so many applications, evenly over an hour until `end` (ms), and their agents. */
export async function fillHour(dataDir: string, spans: number, applications: number, end: number): Promise<void> {
  const begin = end - 3_600_000
  let now = begin
  const store = await EmbeddedStore.open({ dataDir, now: () => now })
  await store.ensureTables()
  const mapper = new RowMapper()
  const { batch, counters } = mapper
  const agents = Array.from({ length: applications * AGENTS }, (_, n) => identity(n, begin))
  const write = async (): Promise<void> => {
    await store.put(batch)
    await store.increment(counters.take())
    batch.reset()
  }
  for (const agent of agents) mapper.map(agentInfo(agent), now)
  const round = tracesToSend(readMix()).map((trace) => trace.map(templateOf))
  const callers = agents.filter((_, n) => n % AGENTS === 0)
  let written = 0
  let called = 0
  for (let n = 0; written < spans; n++) {
    now = begin + Math.floor((written / spans) * 3_600_000)
    for (const template of round[n % round.length]) {
      patch(template, agents[n % agents.length], FIRST_SEQUENCE + n, now)
      mapper.map(template.bytes, now)
      if (template.kind === 'span') written++
    }
    if (now - begin >= called * CALLS_EVERY_MS) {
      for (const bytes of callsThrough(callers, ++called, now)) mapper.map(bytes, now)
      written += callers.length
    }
    if (batch.bytes >= BATCH_BYTES) await write()
  }
  await write()
  await store.close()
}

function agentInfo(own: Identity): Buffer {
  const body = readAgentInfo()
  return encodeMessage('TAgentInfo', filled(body, own) as Plain)
}

let recorded: Plain | undefined
function readAgentInfo(): Plain {
  recorded ??= readMix().requests.find(({ message }) => message === 'TAgentInfo')!.bodies[0]
  return recorded
}

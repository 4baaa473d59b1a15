import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

// test/wire/session-VERSION.json.gz: what an original agent of that version sent to an original collector of 1.5.2 in
// about two minutes, and what that collector wrote to its tables for it, as facts (collector-facts.ts). In order of time:
//
//   ["open", connection]  ["packet", connection, base64]  ["end" | "reset", connection]  ["stat" | "span", base64]
//
// A TCP packet is one step. Left out are the agent's answers to requests of the collector. The facts of 1.8.5 are those
// without its packets of type 211, which the original does not know.

const WIRE = new URL('../../../test/wire/', import.meta.url)

export type SessionStep =
  | { do: 'open'; connection: number }
  | { do: 'end'; connection: number }
  | { do: 'reset'; connection: number }
  | { do: 'packet'; connection: number; type: number; bytes: Buffer }
  | { do: 'stat'; bytes: Buffer }
  | { do: 'span'; bytes: Buffer }

export interface Session {
  agent: string
  steps: readonly SessionStep[]
  facts: readonly string[]
}

type Written = [what: 'open' | 'end' | 'reset' | 'packet' | 'stat' | 'span', ...rest: (number | string)[]]

function stepOf([what, ...rest]: Written): SessionStep {
  if (what === 'stat' || what === 'span') return { do: what, bytes: Buffer.from(rest[0] as string, 'base64') }
  const connection = rest[0] as number
  if (what !== 'packet') return { do: what, connection }
  const bytes = Buffer.from(rest[1] as string, 'base64')
  return { do: what, connection, type: bytes.readInt16BE(), bytes }
}

export function readSession(version: '1.5.2' | '1.8.5'): Session {
  const text = gunzipSync(readFileSync(new URL(`session-${version}.json.gz`, WIRE))).toString()
  const { agent, steps, facts } = JSON.parse(text) as { agent: string; steps: Written[]; facts: string[] }
  return { agent, steps: steps.map(stepOf), facts }
}

/** The datagrams of a port, or the packets of a type. */
export function bytesOf(sessions: readonly Session[], what: 'stat' | 'span' | 'packet', type?: number): Buffer[] {
  return sessions.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      if (step.do !== what || !('bytes' in step)) return []
      return type !== undefined && (step.do !== 'packet' || step.type !== type) ? [] : [step.bytes]
    }),
  )
}

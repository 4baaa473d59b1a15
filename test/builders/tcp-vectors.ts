import { readFileSync } from 'node:fs'

export interface TcpVector {
  name: string
  hex: string
  decoded: { packet: string; type: number; [field: string]: unknown }
}

/** `then`: what becomes of the connection after `answer`; lonePing answers only after a while */
export interface TcpBehaviour {
  case: string
  send: string[]
  answer: string
  then: 'lives' | 'closes' | 'ignores' | 'lonePing'
}

interface TcpVectors {
  vectors: TcpVector[]
  controlMap: { hex: string; decoded: Record<string, unknown> }
  behaviours: TcpBehaviour[]
}

// the compiled test runs in dist/test/builders, the fixtures stay where they are
const FILE = new URL('../../../test/wire/tcp-vectors.json', import.meta.url)

export const TCP_VECTORS: TcpVectors = JSON.parse(readFileSync(FILE, 'utf8'))

export function vector(name: string): Buffer {
  const found = TCP_VECTORS.vectors.find((candidate) => candidate.name === name)
  if (!found) throw new Error(`no vector ${name}`)
  return Buffer.from(found.hex, 'hex')
}

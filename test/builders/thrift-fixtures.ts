import { readFileSync } from 'node:fs'
import type { Plain } from './thrift-idl.js'

// Messages with the objects that other implementations decoded them to.

const WIRE = new URL('../../../test/wire/', import.meta.url)

export interface Fixture {
  name: string
  /** code in the header */
  type: number
  /** struct of the IDL */
  message: string
  /** header and struct */
  bytes: Buffer
  body: Plain
}

function load<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(file, WIRE), 'utf8'))
}

/** Made by the Java classes of 1.5.2 and 1.8.5 and by code that the Thrift compiler generated for Python. */
export function vectors(): Fixture[] {
  const all = load<Omit<Fixture, 'bytes'> & { hex: string }>('thrift-vectors.json')
  return all.map((v) => ({ ...v, bytes: Buffer.from(v.hex, 'hex') }))
}

/** Sent by real agents 1.5.2 and 1.8.5, and to them; decoded by a decoder of another make. */
export function recorded(): Fixture[] {
  const all = load<Omit<Fixture, 'bytes'> & { agent: string; packet: string; base64: string }>('thrift-recorded.json')
  return all.map((m, i) => ({
    ...m,
    name: `${m.agent} ${m.packet} ${m.message} (${i})`,
    bytes: Buffer.from(m.base64, 'base64'),
  }))
}

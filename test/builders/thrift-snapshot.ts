import { isUtf8 } from 'node:buffer'
import { CompactReader } from '../../src/thrift/compact-reader.js'
import { CompactWriter } from '../../src/thrift/compact-writer.js'
import * as command from '../../src/thrift/generated/command.js'
import * as pinpoint from '../../src/thrift/generated/pinpoint.js'
import * as trace from '../../src/thrift/generated/trace.js'
import { readHeader } from '../../src/thrift/header.js'
import type { Field, StructType } from '../../tools/idl.js'
import { kindOf, type Plain, type PlainValue, structNamed } from './thrift-idl.js'

// Our decoded messages => plain data, and our writers fed with plain data, for every struct by its name.

/** A generated class: `set`, and by field name numbers, hi/lo pairs, slices, structs and lists. */
// biome-ignore lint/suspicious/noExplicitAny: its members depend on the struct
export type Message = any

const generated: Record<string, unknown> = { ...trace, ...pinpoint, ...command }

export function newMessage(name: string): Message {
  return new (generated[name] as new () => Message)()
}

export function readMessage(r: CompactReader, name: string, m: Message): void {
  ;(generated[`read${name}`] as (r: CompactReader, m: Message) => void)(r, m)
}

function text(bytes: Uint8Array): PlainValue {
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : { $hex: Buffer.from(bytes).toString('hex') }
}

function slice(buf: Uint8Array, type: string, at: number, length: number): PlainValue {
  const bytes = buf.subarray(at, at + length)
  return type === 'string' ? text(bytes) : { $hex: Buffer.from(bytes).toString('hex') }
}

function int64(hi: number, lo: number): PlainValue {
  const v = (BigInt(hi) << 32n) | BigInt(lo >>> 0)
  return Number.isSafeInteger(Number(v)) ? Number(v) : v.toString()
}

function listOf(f: Field, m: Message, buf: Uint8Array): PlainValue[] {
  const kind = kindOf(f.type)
  return Array.from({ length: m[`${f.name}Count`] }, (_, i): PlainValue => {
    if (kind === 'struct') return snapshotStruct(structNamed(f.type), m[f.name][i], buf)
    if (kind === 'i64') return int64(m[`${f.name}Pairs`][2 * i], m[`${f.name}Pairs`][2 * i + 1])
    if (kind !== 'string' && kind !== 'binary') return m[f.name][i]
    return slice(buf, kind, m[`${f.name}Slices`][2 * i], m[`${f.name}Slices`][2 * i + 1])
  })
}

function fieldOf(f: Field, m: Message, buf: Uint8Array): PlainValue {
  if (f.list) return listOf(f, m, buf)
  const kind = kindOf(f.type)
  if (kind === 'struct') return snapshotStruct(structNamed(f.type), m[f.name], buf)
  if (kind === 'i64') return int64(m[`${f.name}Hi`], m[`${f.name}Lo`])
  if (kind === 'string' || kind === 'binary') return slice(buf, kind, m[`${f.name}At`], m[`${f.name}Len`])
  return m[f.name]
}

function snapshotStruct(struct: StructType, m: Message, buf: Uint8Array): Plain {
  const plain: Plain = {}
  for (const [i, f] of struct.fields.entries()) if ((m.set & (1 << i)) !== 0) plain[f.name] = fieldOf(f, m, buf)
  return plain
}

/** The fields of a decoded message that were on the wire; buf is what it was decoded from. */
export function snapshot(name: string, m: Message, buf: Uint8Array): Plain {
  return snapshotStruct(structNamed(name), m, buf)
}

export interface Decoded {
  type: number
  plain: Plain
  /** the byte after the message's last */
  end: number
}

/** Decodes header and struct with our reader, into a new message or the one given. */
export function decodeMessage(name: string, bytes: Uint8Array, m: Message = newMessage(name)): Decoded {
  const r = new CompactReader()
  r.reset(bytes, 0, bytes.length)
  const type = readHeader(r)
  readMessage(r, name, m)
  return { type, plain: snapshot(name, m, bytes), end: r.pos }
}

/** Decodes a struct without a header. */
export function decodeStruct(name: string, bytes: Uint8Array, m: Message = newMessage(name)): Plain {
  const r = new CompactReader()
  r.reset(bytes, 0, bytes.length)
  readMessage(r, name, m)
  return snapshot(name, m, bytes)
}

function writerValue(type: string, v: PlainValue): unknown {
  if (kindOf(type) === 'i64') return BigInt(v as number | string)
  return kindOf(type) === 'binary' ? Buffer.from((v as Plain).$hex as string, 'hex') : v
}

/** The bytes that our own writer makes of a struct marked (encode), after a header of that type. */
export function writeWithOurs(name: string, type: number, plain: Plain): Buffer {
  const value: Record<string, unknown> = {}
  for (const f of structNamed(name).fields) {
    const v = plain[f.name]
    if (v === undefined) continue
    value[f.name] = f.list ? (v as PlainValue[]).map((e) => writerValue(f.type, e)) : writerValue(f.type, v)
  }
  const w = new CompactWriter()
  w.header(type)
  ;(generated[`write${name}`] as (w: CompactWriter, v: unknown) => void)(w, value)
  return w.bytes()
}

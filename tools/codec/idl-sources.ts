import { readFileSync } from 'node:fs'
import { type IdlType, parseIdl } from '../idl.js'

/** Of the project. */
export const ROOT = new URL('../../../', import.meta.url)
const FILES = ['Trace', 'Pinpoint', 'Command']

/** One IDL file, and the generated file that it becomes. */
export interface IdlSource {
  file: string
  types: IdlType[]
}

export const sources: IdlSource[] = FILES.map((name) => ({
  file: name.toLowerCase(),
  types: parseIdl(readFileSync(new URL(`idl/${name}.thrift`, ROOT), 'utf8')),
}))

/** Where each type is, by its name. */
export const owner = new Map<string, { file: string; type: IdlType }>()
for (const { file, types } of sources) for (const type of types) owner.set(type.name, { file, type })

import { createRequire } from 'node:module'

/** What the C library of Linux does and Node.js does not, called through koffi. */
export interface Libc {
  /** recvmmsg(2) @returns messages received, -1: see error() */
  receiveMany(socket: number, headers: Buffer, count: number, flags: number, timeout: null): number
  /** madvise(2) @returns 0, or -1: see error() */
  advise(address: bigint, bytes: number, advice: number): number
  /** Where these bytes are; the one who uses it keeps them alive. */
  addressOf(bytes: Buffer): bigint
  /** Name of the last error, such as EAGAIN. */
  error(): string
}

/** 64 bits, little-endian: what structs are laid out for. */
const ARCHITECTURES = new Set(['x64', 'arm64', 'riscv64', 'loong64'])

let loaded: Libc | null | undefined

/** null: not Linux, or koffi, an optional dependency, cannot be loaded. */
export function libc(): Libc | null {
  if (loaded === undefined) loaded = load()
  return loaded
}

function load(): Libc | null {
  if (process.platform !== 'linux' || !ARCHITECTURES.has(process.arch)) return null
  try {
    const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi')
    const library = koffi.load(null)
    const { EWOULDBLOCK: _, ...errors } = koffi.os.errno
    const names = new Map(Object.entries(errors).map(([name, number]) => [number, name]))
    return {
      receiveMany: library.func('int recvmmsg(int, void *, unsigned int, int, void *)'),
      advise: library.func('int madvise(uintptr_t, size_t, int)'),
      addressOf: koffi.address,
      error: () => names.get(koffi.errno()) ?? `error ${koffi.errno()}`,
    }
  } catch {
    return null
  }
}

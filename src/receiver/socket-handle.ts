import type { Socket } from 'node:dgram'

/**
 * The libuv handle of a bound UDP socket, as far as it is used. Node.js has no public way to leave a socket unread, so that
 * what comes stays in the kernel for another process that has the same socket, or to learn its file descriptor.
 */
export interface SocketHandle {
  readonly fd: number
  /** datagrams come as events */
  recvStart(): number
  recvStop(): number
}

/** Looked for, because Node.js 11 and later keep it under a symbol of their own. @returns null where it is not found */
export function handleOf(socket: Socket): SocketHandle | null {
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    const state: unknown = Reflect.get(socket, symbol)
    if (typeof state !== 'object' || state === null || !('handle' in state)) continue
    const { handle } = state
    if (isHandle(handle)) return handle
  }
  return null
}

function isHandle(value: unknown): value is SocketHandle {
  if (typeof value !== 'object' || value === null) return false
  return ['recvStart', 'recvStop'].every((name) => typeof Reflect.get(value, name) === 'function')
}

import type { Socket } from 'node:dgram'

/** What Node.js calls on the libuv handle of a socket when it is bound and when it is closed. */
interface Handle {
  recvStart(): number
  recvStop(): number
}

/**
 * Leaves a bound UDP socket unread, or reads it again. What waits meanwhile stays in the kernel, where another process
 * that has the same socket reads it. Closing and binding anew, all that Node.js offers in public, would lose that when no
 * other process reads at the moment.
 * @returns false where this version of Node.js hides the handle; then nothing changes
 */
export function setReading(socket: Socket, on: boolean): boolean {
  const handle = handleOf(socket)
  if (handle === null) return false
  if (on) handle.recvStart()
  else handle.recvStop()
  return true
}

/** Looked for, because Node.js 11 and later keep it under a symbol of their own. */
function handleOf(socket: Socket): Handle | null {
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    const state: unknown = Reflect.get(socket, symbol)
    if (typeof state !== 'object' || state === null || !('handle' in state)) continue
    const { handle } = state
    if (isHandle(handle)) return handle
  }
  return null
}

function isHandle(value: unknown): value is Handle {
  if (typeof value !== 'object' || value === null) return false
  return ['recvStart', 'recvStop'].every((name) => typeof Reflect.get(value, name) === 'function')
}

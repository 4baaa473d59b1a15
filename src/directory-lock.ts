import { unlinkSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { SettingsError } from './errors.js'

const NAME = 'lock'
/** What a socket's path may have on every system. */
const MAX_PATH_BYTES = 103

/**
 * Holds a directory for this process: a listening socket in it, which ends with the process, however it ends.
 * @param setting the directory's name in the settings
 * @returns how to give it back; null when another process has it
 */
export async function lockDirectory(dir: string, setting: string): Promise<(() => void) | null> {
  const path = join(dir, NAME)
  if (Buffer.byteLength(path) > MAX_PATH_BYTES)
    throw new SettingsError(`${setting}: ${path} is longer than ${MAX_PATH_BYTES} bytes; give a shorter one`, setting)
  for (let attempt = 0; attempt < 2; attempt++) {
    const server = await listen(path)
    if (server !== null) return () => void server.close()
    if (await answers(path)) return null
    removeStale(path)
  }
  return null
}

/** null: there is a socket already. */
function listen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.unref()
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)))
    // exclusive: a worker process must not share it through the primary
    server.listen({ path, exclusive: true }, () => resolve(server))
  })
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function removeStale(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // another process was faster
  }
}

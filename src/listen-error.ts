import { CollectorError, messageOf } from './errors.js'

const ADVICE: Record<string, string> = {
  EADDRINUSE: 'another process has it, perhaps another collector: stop that one',
  EACCES: 'ports below 1024 need privileges',
  EADDRNOTAVAIL: 'no interface of this machine has that address',
}

/** Why a port cannot be had, and what to do. @param setting the port's name in the settings */
export function listenError(error: unknown, what: string, host: string, port: number, setting: string): CollectorError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  const advice = ADVICE[code] ?? messageOf(error)
  const message = `cannot listen on ${what} ${host}:${port}: ${advice}, or set ${setting} or its address`
  return new CollectorError('LISTEN', message, false, { cause: error })
}

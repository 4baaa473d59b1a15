import { type DestinationStream, destination, type Level, type Logger, pino, stdTimeFunctions } from 'pino'

export type { Logger } from 'pino'

const STDERR = 2

/** Most bytes of lines that wait for a slow reader of stderr; then lines are lost, but never the collector's time. */
const MAX_WAITING_BYTES = 1024 * 1024

/** JSON lines on stderr; stdout is kept for READY. */
export function createLogger(level: Level | 'silent', stream?: DestinationStream): Logger {
  const options = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    base: { pid: process.pid },
    formatters: { level: (label: string): { level: string } => ({ level: label }) },
  }
  return pino(options, stream ?? destination({ fd: STDERR, sync: false, maxLength: MAX_WAITING_BYTES }))
}

export interface LimitOptions {
  periodMs?: number
  maxKeys?: number
  /** ms; for tests */
  now?: () => number
}

/** Logs a warning, or counts it when there was one of the same key a short time ago. The text has the operator's next step. */
export type LimitedWarn = (key: string, text: string, fields?: Readonly<Record<string, unknown>>) => void

interface KeyState {
  loggedAt: number
  suppressed: number
}

/** Stands for all keys that came when maxKeys others were busy. */
const OVERFLOW_KEY = 'too many kinds of warnings'

/**
 * At most one line a key and period; the next line says in `suppressed` how many were left out before it.
 * Keys beyond the bound share one line a period, so that strangers cannot fill the log by varying what they send.
 */
export function limitWarnings(log: Pick<Logger, 'warn'>, options: LimitOptions = {}): LimitedWarn {
  const { periodMs = 10_000, maxKeys = 256, now = Date.now } = options
  const states = new Map<string, KeyState>()
  let sweptAt = Number.NEGATIVE_INFINITY

  /** Frees the slots of keys that were quiet for a period; what they left out is logged first. */
  function sweep(time: number): void {
    if (time - sweptAt < periodMs / 10) return
    sweptAt = time
    for (const [key, { loggedAt, suppressed }] of states) {
      if (time - loggedAt < periodMs) continue
      states.delete(key)
      if (suppressed > 0) log.warn({ suppressed }, `more warnings like the last one about: ${key}`)
    }
  }

  /** Its own slot, one that is free or made free, or the shared one. */
  function slotOf(key: string, time: number): string {
    if (states.has(key)) return key
    if (states.size >= maxKeys) sweep(time)
    return states.size < maxKeys ? key : OVERFLOW_KEY
  }

  return (key, text, fields) => {
    const time = now()
    const slot = slotOf(key, time)
    const state = states.get(slot)
    if (state !== undefined && time - state.loggedAt < periodMs) {
      state.suppressed++
      return
    }
    states.set(slot, { loggedAt: time, suppressed: 0 })
    const suppressed = state?.suppressed ?? 0
    log.warn(suppressed === 0 ? { ...fields } : { ...fields, suppressed }, text)
  }
}

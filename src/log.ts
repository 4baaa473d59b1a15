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
  /** who may have lines of their own in a period, by kind of warning */
  maxPeers?: number
  /** ms; for tests */
  now?: () => number
}

/**
 * Logs a warning, or counts it when there was one like it a short time ago. The text has the operator's next step.
 * `kind` is one of a few that the program knows; whatever a stranger can choose belongs into `peer`.
 */
export type LimitedWarn = (
  kind: string,
  text: string,
  fields?: Readonly<Record<string, unknown>>,
  peer?: string | number,
) => void

interface LineState {
  loggedAt: number
  suppressed: number
}

type Lines = Map<string | number, LineState>

/** Those of a kind that have no peer, or came when maxPeers others were busy. */
const SHARED = ''

/**
 * At most one line a period for each kind and peer; the next line says in `suppressed` how many were left out before it.
 * Peers beyond the bound share one line of their kind: strangers who vary what they send can neither fill the log nor
 * hide warnings of another kind.
 */
export function limitWarnings(log: Pick<Logger, 'warn'>, options: LimitOptions = {}): LimitedWarn {
  const { periodMs = 10_000, maxPeers = 16, now = Date.now } = options
  const kinds = new Map<string, Lines>()

  /** Frees the places of peers that were quiet for a period; what they left out is logged first. */
  function sweep(kind: string, lines: Lines, time: number): void {
    for (const [peer, { loggedAt, suppressed }] of lines) {
      if (peer === SHARED || time - loggedAt < periodMs) continue
      lines.delete(peer)
      if (suppressed > 0) log.warn({ suppressed }, `more warnings like the last one about: ${kind} ${peer}`)
    }
  }

  /** The peer's own place, one that is free or made free, or the shared one. */
  function placeOf(kind: string, lines: Lines, peer: string | number, time: number): string | number {
    if (lines.has(peer)) return peer
    if (peersIn(lines) >= maxPeers) sweep(kind, lines, time)
    return peersIn(lines) < maxPeers ? peer : SHARED
  }

  return (kind, text, fields, peer = SHARED) => {
    const time = now()
    let lines = kinds.get(kind)
    if (lines === undefined) kinds.set(kind, (lines = new Map()))
    const place = placeOf(kind, lines, peer, time)
    const state = lines.get(place)
    if (state !== undefined && time - state.loggedAt < periodMs) {
      state.suppressed++
      return
    }
    lines.set(place, { loggedAt: time, suppressed: 0 })
    const suppressed = state?.suppressed ?? 0
    log.warn(suppressed === 0 ? { ...fields } : { ...fields, suppressed }, text)
  }
}

function peersIn(lines: Lines): number {
  return lines.has(SHARED) ? lines.size - 1 : lines.size
}

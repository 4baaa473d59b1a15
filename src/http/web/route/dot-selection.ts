import type { TimeRange } from '../time/time-range.js'

export type DotOutcome = 'all' | 'success' | 'failed'

/** A rectangle of the scatter chart. */
export interface DotSelection extends TimeRange {
  minElapsed: number
  /** Infinity: no limit */
  maxElapsed: number
  outcome: DotOutcome
  /** empty: all agents */
  agentId: string
}

const OUTCOMES: readonly string[] = ['all', 'success', 'failed']

/** from_to_min_max_outcome[_agent]; no max is `*` */
export function formatSelection(s: DotSelection): string {
  const max = Number.isFinite(s.maxElapsed) ? String(s.maxElapsed) : '*'
  const fields = [s.from, s.to, s.minElapsed, max, s.outcome]
  return [...fields, ...(s.agentId === '' ? [] : [s.agentId])].join('_')
}

export function parseSelection(text: string): DotSelection | undefined {
  const match = /^(\d{1,15})_(\d{1,15})_(\d{1,9})_(\d{1,9}|\*)_([a-z]+)(?:_(.+))?$/.exec(text)
  if (match === null || !OUTCOMES.includes(match[5])) return undefined
  return {
    from: Number(match[1]),
    to: Number(match[2]),
    minElapsed: Number(match[3]),
    maxElapsed: match[4] === '*' ? Number.POSITIVE_INFINITY : Number(match[4]),
    outcome: match[5] as DotOutcome,
    agentId: match[6] ?? '',
  }
}

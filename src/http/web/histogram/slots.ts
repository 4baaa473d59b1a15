import type { Histogram } from '../api/server-map.js'

/** Colours by position: fast, normal, a bit slow, slow, failed. Slot names depend on the service type, their order does not. */
export const SLOT_COLOURS = ['fast', 'normal', 'late', 'slow', 'error'] as const
export type SlotColour = (typeof SLOT_COLOURS)[number]

export interface Slot {
  name: string
  count: number
  colour: SlotColour
  /** of all requests, 0 to 1 */
  share: number
}

export function slotsOf(histogram: Histogram): Slot[] {
  const entries = Object.entries(histogram)
  const total = entries.reduce((sum, [, count]) => sum + count, 0)
  return entries.map(([name, count], i) => ({
    name,
    count,
    colour: slotColour(name, i),
    share: total === 0 ? 0 : count / total,
  }))
}

export function slotColour(name: string, position: number): SlotColour {
  if (name === 'Error') return 'error'
  if (name === 'Slow') return 'slow'
  return SLOT_COLOURS[Math.min(position, 2)]
}

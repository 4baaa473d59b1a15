import { slotOf, slotsOf, type TimeWindow } from '../time-range.js'
import { addHistogram, histogramAt, type TimeHistograms } from './histogram.js'

/** The histograms in the slots of a window; slots without any have zeros, times outside of it their own slot. */
export function inWindow(window: TimeWindow, series: Iterable<TimeHistograms>): TimeHistograms {
  const out: TimeHistograms = new Map()
  for (const slot of slotsOf(window)) histogramAt(out, slot)
  for (const times of series) {
    for (const [time, histogram] of times) addHistogram(histogramAt(out, slotOf(time, window.slot)), histogram)
  }
  return out
}

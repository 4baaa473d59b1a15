import { number, shortNumber } from '../i18n/text.js'
import type { ChartUnit } from './chart-kinds.js'

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** A figure with its unit, short enough for an axis. */
export function formatUnit(value: number, unit: ChartUnit): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'percent':
      return `${number(value, 1)} %`
    case 'milliseconds':
      return `${shortNumber(value)} ms`
    default:
      return number(value, value < 10 ? 2 : 0)
  }
}

function formatBytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(value) / 10))
  return `${number(value / 1024 ** power, power === 0 ? 0 : 1)} ${BYTE_UNITS[power]}`
}

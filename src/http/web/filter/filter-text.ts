import { number, text } from '../i18n/text.js'
import type { LinkFilter } from '../route/link-filter.js'

/** FRONT → ORDER · 100 – 500 ms · Failed */
export function filterText({ fa, fst, ta, tst, rf, rt, ie }: LinkFilter): string {
  const from = fst === 'USER' ? 'USER' : fa
  const parts = [`${from} → ${tst === 'USER' ? 'USER' : ta}`]
  if (rf !== undefined && rt !== undefined) {
    parts.push(rt === 'max' ? `≥ ${number(rf)} ms` : `${number(rf)} – ${number(rt)} ms`)
  }
  if (ie !== undefined) parts.push(text(ie ? 'filter.failed' : 'filter.success'))
  return parts.join(' · ')
}

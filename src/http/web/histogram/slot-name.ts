import { isTextKey, text } from '../i18n/text.js'

/** 1s and 100ms are the same in all languages. */
export function slotName(slot: string): string {
  const key = `slot.${slot}`
  return isTextKey(key) ? text(key) : slot
}

import { language } from '../state/preferences.js'
import { en, type TextKey } from './en.js'
import { fillIn } from './fill-in.js'
import { ko } from './ko.js'

const DICTIONARIES = { en, ko }

/** The text in the language of the page; components that use it follow a change of language. */
export function text(key: TextKey, values?: Record<string, string | number>): string {
  const template: string = DICTIONARIES[language.value][key]
  return values === undefined ? template : fillIn(template, values)
}

export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key)
}

/** 12,345 */
export function number(n: number, fractionDigits = 0): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: fractionDigits }).format(n)
}

/** 12K: where there is no room */
export function shortNumber(n: number): string {
  return n < 10_000
    ? number(n)
    : new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(n)
}

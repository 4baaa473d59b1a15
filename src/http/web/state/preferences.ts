import { effect, signal } from '@preact/signals'

export type Theme = 'auto' | 'light' | 'dark'
export type Language = 'en' | 'ko'

const THEMES: readonly string[] = ['auto', 'light', 'dark']
const LANGUAGES: readonly string[] = ['en', 'ko']
const PREFIX = 'pinpoint.'

/** Storage may be off or full: the page works without it. */
export function stored(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name)
  } catch {
    return null
  }
}

export function store(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {
    // the choice then lasts as long as the page
  }
}

function browserLanguage(): Language {
  return navigator.languages.find((l) => /^(en|ko)\b/.test(l))?.startsWith('ko') ? 'ko' : 'en'
}

function initial<T extends string>(name: string, allowed: readonly string[], otherwise: T): T {
  const value = stored(name)
  return value !== null && allowed.includes(value) ? (value as T) : otherwise
}

export const theme = signal<Theme>(initial('theme', THEMES, 'auto'))
export const language = signal<Language>(initial('language', LANGUAGES, browserLanguage()))

const prefersDark = matchMedia('(prefers-color-scheme: dark)')
const systemDark = signal(prefersDark.matches)
prefersDark.addEventListener('change', (event) => (systemDark.value = event.matches))

/** What is on the screen now; charts drawn on a canvas depend on it. */
export function isDark(): boolean {
  return theme.value === 'dark' || (theme.value === 'auto' && systemDark.value)
}

export function setTheme(value: Theme): void {
  theme.value = value
  store('theme', value)
}

export function setLanguage(value: Language): void {
  language.value = value
  store('language', value)
}

effect(() => {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light'
})
effect(() => {
  document.documentElement.lang = language.value
})

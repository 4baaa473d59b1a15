import type { JSX } from 'preact'
import { text } from '../i18n/text.js'
import { isDark, language, setLanguage, setTheme } from '../state/preferences.js'
import { IconButton } from '../ui/icon-button.js'

/** Colours, language, keys. */
export function SettingsMenu({ onHelp }: { onHelp: () => void }): JSX.Element {
  const dark = isDark()
  const other = language.value === 'en' ? 'ko' : 'en'
  return (
    <div class="settings-menu">
      <IconButton
        icon={dark ? 'sun' : 'moon'}
        label={`${text('settings.theme')}: ${text(dark ? 'settings.theme.light' : 'settings.theme.dark')}`}
        onClick={() => setTheme(dark ? 'light' : 'dark')}
      />
      <button
        type="button"
        class="icon-button language-button"
        title={text('settings.language')}
        aria-label={`${text('settings.language')}: ${LANGUAGE_NAMES[other]}`}
        lang={other}
        onClick={() => setLanguage(other)}
      >
        {LANGUAGE_SIGNS[other]}
      </button>
      <IconButton icon="keyboard" label={text('settings.help')} onClick={onHelp} />
    </div>
  )
}

/** Each in its own language, so that it is found by those who read no other. */
const LANGUAGE_NAMES = { en: 'English', ko: '한국어' }
const LANGUAGE_SIGNS = { en: 'EN', ko: '한' }

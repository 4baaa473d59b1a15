import type { JSX } from 'preact'
import { text } from '../i18n/text.js'
import { Glyph } from '../map/glyph.js'
import { glyphKind } from '../map/glyph-kind.js'
import type { ApplicationKey } from '../route/application-key.js'
import { applications } from '../state/applications.js'
import { Icon } from '../ui/icon.js'
import { Popover } from '../ui/popover.js'
import { ApplicationList } from './application-list.js'

interface ApplicationPickerProps {
  chosen: ApplicationKey | undefined
  open: boolean
  onOpen: (open: boolean) => void
  onChoose: (application: ApplicationKey) => void
}

export function ApplicationPicker({ chosen, open, onOpen, onChoose }: ApplicationPickerProps): JSX.Element {
  const known = applications.value ?? []
  return (
    <div class="picker">
      <button
        type="button"
        class="picker-button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={
          chosen === undefined ? text('picker.choose') : `${text('picker.label')}: ${chosen.name}, ${chosen.type}`
        }
        disabled={known.length === 0}
        onClick={() => onOpen(!open)}
      >
        {chosen === undefined ? (
          <span class="picker-name">{text('picker.choose')}</span>
        ) : (
          <>
            <Glyph kind={glyphKind(chosen.type)} size={20} />
            <span class="picker-name">{chosen.name}</span>
            <span class="picker-type">{chosen.type}</span>
          </>
        )}
        <Icon name="down" size={14} />
      </button>
      <Popover open={open} onClose={() => onOpen(false)} label={text('picker.label')} class="picker-popover">
        <ApplicationList
          applications={known}
          chosen={chosen}
          focus
          onChoose={(application) => {
            onOpen(false)
            onChoose(application)
          }}
        />
      </Popover>
    </div>
  )
}

import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { TextKey } from '../i18n/en.js'
import { text } from '../i18n/text.js'
import { Icon } from '../ui/icon.js'

const KEYS: readonly (readonly [string, TextKey])[] = [
  ['/', 'keys.search'],
  ['R', 'keys.refresh'],
  ['L', 'keys.realtime'],
  ['[  ]', 'keys.range'],
  ['Tab  ↑  ↓', 'keys.move'],
  ['Enter', 'keys.enter'],
  ['←  →', 'keys.tree'],
  ['F', 'keys.find'],
  ['?', 'keys.help'],
]

export function KeyboardHelp({ onClose }: { onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="keyboard-help" aria-label={text('keys.title')} onClose={onClose}>
      <header>
        <h2>{text('keys.title')}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={text('keys.close')}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.split('  ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{text(what)}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}

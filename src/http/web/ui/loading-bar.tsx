import type { JSX } from 'preact'
import { text } from '../i18n/text.js'

/** A thin line at the upper edge while something is loaded; what was there before stays readable. */
export function LoadingBar({ on }: { on: boolean }): JSX.Element {
  return (
    <div class={on ? 'loading-bar is-on' : 'loading-bar'} role="status">
      {on && <span class="visually-hidden">{text('state.loading')}</span>}
    </div>
  )
}

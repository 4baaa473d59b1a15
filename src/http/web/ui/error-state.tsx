import type { JSX } from 'preact'
import type { ApiError } from '../api/api-error.js'
import { text } from '../i18n/text.js'
import { Icon } from './icon.js'

/** What went wrong, in the server's words too, what to do, and a button to try again. */
export function ErrorState({ error, onRetry }: { error: ApiError; onRetry: () => void }): JSX.Element {
  return (
    <div class="state state-error" role="alert">
      <Icon name="warning" size={28} />
      <h2>{text(`error.${error.kind}`)}</h2>
      {error.message !== '' && <p class="state-detail">{error.message}</p>}
      <p>{text(`error.${error.kind}.do`)}</p>
      <button type="button" class="button" onClick={onRetry}>
        <Icon name="refresh" />
        {text('state.retry')}
      </button>
    </div>
  )
}

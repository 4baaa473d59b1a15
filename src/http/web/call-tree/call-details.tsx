import type { JSX } from 'preact'
import { text } from '../i18n/text.js'
import { CopyButton } from '../ui/copy-button.js'
import type { CallRow } from './call-rows.js'

/** The chosen row with all of its text: long statements, arguments and messages are cut in the tree. */
export function CallDetails({ row }: { row: CallRow }): JSX.Element {
  return (
    <section class={`call-details call-details-${row.kind}`} aria-label={text('call.details')}>
      <header>
        <h3>{row.title}</h3>
        {row.className !== '' && <span class="quiet">{row.className}</span>}
        {row.apiType !== '' && <span class="chip">{row.apiType}</span>}
        {row.application !== '' && <span class="quiet">{`${row.application} · ${row.agentId}`}</span>}
        <span class="grow" />
        {row.argument !== '' && <CopyButton value={row.argument} label={text('call.copy')} />}
      </header>
      {row.argument !== '' && <pre>{row.argument}</pre>}
      {row.boundSql !== undefined && (
        <>
          <header>
            <h3>{text('call.boundSql')}</h3>
            <span class="grow" />
            <CopyButton value={row.boundSql} label={text('call.copy')} />
          </header>
          <pre>{row.boundSql}</pre>
        </>
      )}
    </section>
  )
}

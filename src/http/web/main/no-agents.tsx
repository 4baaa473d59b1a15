import type { JSX } from 'preact'
import { getSettings } from '../api/settings.js'
import { text } from '../i18n/text.js'
import { useAnswer } from '../state/use-answer.js'
import { CopyButton } from '../ui/copy-button.js'
import { EmptyState } from '../ui/empty-state.js'
import { collectorAddress, configLines, JAVA_OPTIONS } from './agent-lines.js'

/** The first thing a new user sees: how to get the first agent here. */
export function NoAgents(): JSX.Element {
  const settings = useAnswer('settings', getSettings)
  const lines = configLines(collectorAddress(location.hostname, settings.value ?? new Map()))
  const [before, after] = text('empty.agents.debug').split('{link}')
  return (
    <EmptyState icon="live" title={text('empty.agents.title')}>
      <p>{text('empty.agents.do')}</p>
      <Lines title={text('empty.agents.config')} lines={lines} />
      <Lines title={text('empty.agents.options')} lines={JAVA_OPTIONS} />
      <p class="quiet">{text('empty.agents.host')}</p>
      <p class="quiet">
        {before}
        <a href="debug/agents">/debug/agents</a>
        {after}
      </p>
      <p class="waiting" role="status">
        {text('empty.agents.waiting')}
      </p>
    </EmptyState>
  )
}

function Lines({ title, lines }: { title: string; lines: string }): JSX.Element {
  return (
    <figure class="code-lines">
      <figcaption>
        {title}
        <CopyButton value={lines} />
      </figcaption>
      <pre>{lines}</pre>
    </figure>
  )
}

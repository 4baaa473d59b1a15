import type { JSX } from 'preact'
import { type Configuration, getConfiguration } from '../api/settings.js'
import { text } from '../i18n/text.js'
import { useAnswer } from '../state/use-answer.js'
import { CopyButton } from '../ui/copy-button.js'
import { EmptyState } from '../ui/empty-state.js'
import { ErrorState } from '../ui/error-state.js'
import { LoadingBar } from '../ui/loading-bar.js'
import { collectorAddress, configLines, JAVA_OPTIONS } from './agent-lines.js'

/** The first thing a new user sees: how to get the first agent here. */
export function NoAgents(): JSX.Element {
  const { value, error, retry } = useAnswer('configuration', getConfiguration)
  if (error !== undefined) return <ErrorState error={error} onRetry={retry} />
  return value === undefined ? <LoadingBar on /> : <FirstAgent configuration={value} />
}

function FirstAgent({ configuration }: { configuration: Configuration }): JSX.Element {
  const { listening } = configuration
  return (
    <EmptyState icon="live" title={text('empty.agents.title')}>
      <p>{text('empty.agents.do')}</p>
      <Lines
        title={text('empty.agents.config')}
        lines={configLines(collectorAddress(location.hostname, configuration))}
      />
      <Lines title={text('empty.agents.options')} lines={JAVA_OPTIONS} />
      {listening === null ? (
        <p class="quiet">{text('empty.agents.reader')}</p>
      ) : (
        <>
          <p class="quiet">{text('empty.agents.host', { host: listening.hostName })}</p>
          <AgentsLink />
        </>
      )}
      <p class="waiting" role="status">
        {text('empty.agents.waiting')}
      </p>
    </EmptyState>
  )
}

function AgentsLink(): JSX.Element {
  const [before, after] = text('empty.agents.debug').split('{link}')
  return (
    <p class="quiet">
      {before}
      <a href="debug/agents">/debug/agents</a>
      {after}
    </p>
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

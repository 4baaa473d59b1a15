import type { JSX } from 'preact'
import type { AgentEvent } from '../api/agents.js'
import { isTextKey, text } from '../i18n/text.js'
import { dateTime } from '../time/date-time.js'
import { eventKind } from './event-marks.js'

/** What happened to an agent, newest first. */
export function AgentEvents({ events }: { events: readonly AgentEvent[] }): JSX.Element {
  return (
    <section class="agent-events" aria-label={text('inspector.events')}>
      <h3>{text('inspector.events')}</h3>
      {events.length === 0 && <p class="quiet">{text('inspector.noEvents')}</p>}
      <ol>
        {events
          .toSorted((a, b) => b.eventTimestamp - a.eventTimestamp)
          .map((event) => (
            <li key={`${event.eventTimestamp} ${event.eventTypeCode}`}>
              <span class={`event-dot event-${eventKind(event.eventTypeCode)}`} />
              <time>{dateTime(event.eventTimestamp)}</time>
              <span>{eventName(event)}</span>
            </li>
          ))}
      </ol>
    </section>
  )
}

function eventName(event: AgentEvent): string {
  const key = `agent.event.${event.eventTypeCode}`
  return isTextKey(key) ? text(key) : event.eventTypeDesc
}

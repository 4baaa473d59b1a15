import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Agent } from '../api/agents.js'
import { text } from '../i18n/text.js'
import { Icon } from '../ui/icon.js'
import { StateDot, stateName } from './agent-state.js'

interface AgentListProps {
  agents: readonly Agent[]
  chosen: string | undefined
  /** address of an agent's charts */
  hrefOf: (agentId: string) => string
}

/** The agents of an application by host, each with its state. */
export function AgentList({ agents, chosen, hrefOf }: AgentListProps): JSX.Element {
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  const found = agents.filter((a) => `${a.agentId} ${a.hostName} ${a.ip}`.toLowerCase().includes(wanted))
  const hosts = [...new Set(found.map((a) => a.hostName))].sort()
  return (
    <nav class="agent-list" aria-label={text('inspector.agents')}>
      <label class="search-field">
        <Icon name="search" size={16} />
        <span class="visually-hidden">{text('inspector.search')}</span>
        <input
          type="search"
          placeholder={text('inspector.search')}
          value={query}
          onInput={(e) => setQuery(e.currentTarget.value)}
        />
      </label>
      {hosts.map((host) => (
        <div key={host}>
          <h3>{host}</h3>
          <ul>
            {found
              .filter((a) => a.hostName === host)
              .map((agent) => (
                <li key={agent.agentId}>
                  <a href={hrefOf(agent.agentId)} aria-current={agent.agentId === chosen ? 'page' : undefined}>
                    <StateDot state={agent.status} />
                    <span class="agent-name">{agent.agentId}</span>
                    <span class="agent-state">{stateName(agent.status)}</span>
                  </a>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

import type { JSX } from 'preact'
import type { MapNode } from '../api/server-map.js'
import { slotsOf } from '../histogram/slots.js'
import { number, text } from '../i18n/text.js'
import type { ApplicationKey } from '../route/application-key.js'
import { formatRoute, type MainRoute } from '../route/hash-route.js'
import { DEFAULT_PERIOD } from '../time/period.js'
import { isRealtime } from '../time/time-range.js'
import { Icon } from '../ui/icon.js'

interface ServerListProps {
  node: MapNode
  route: MainRoute
  application: ApplicationKey
  agentId: string
  onAgent: (agentId: string) => void
}

/** Hosts and their agents; pressing one narrows the charts down to it. */
export function ServerList({ node, route, application, agentId, onAgent }: ServerListProps): JSX.Element | null {
  const hosts = Object.values(node.serverList ?? {})
  if (hosts.length === 0) return null
  const period = isRealtime(route.period) ? DEFAULT_PERIOD : route.period
  return (
    <section class="panel-section">
      <h3>{text('panel.servers')}</h3>
      {hosts.map((host) => (
        <div key={host.name} class="server-host">
          <h4>{host.name}</h4>
          <ul>
            {Object.values(host.instanceList).map(({ name }) => {
              const slots = slotsOf(node.agentHistogram?.[name] ?? {})
              const total = slots.reduce((sum, s) => sum + s.count, 0)
              const errors = slots.find((s) => s.colour === 'error')?.count ?? 0
              const chosen = agentId === name
              const inspector = { screen: 'inspector', application, period, end: route.end, agentId: name } as const
              return (
                <li key={name}>
                  <button
                    type="button"
                    class="server-button"
                    aria-pressed={chosen}
                    onClick={() => onAgent(chosen ? '' : name)}
                  >
                    <span class="server-name">{name}</span>
                    <span class="server-total">{number(total)}</span>
                    {errors > 0 && <span class="text-error">{number(errors)}</span>}
                  </button>
                  <a
                    class="icon-button"
                    href={formatRoute(inspector)}
                    title={text('panel.inspect', { agent: name })}
                    aria-label={text('panel.inspect', { agent: name })}
                  >
                    <Icon name="inspect" size={16} />
                  </a>
                </li>
              )
            })}
          </ul>
        </div>
      ))}
    </section>
  )
}

import type { JSX } from 'preact'
import type { Agent } from '../api/agents.js'
import { text } from '../i18n/text.js'
import { dateTime } from '../time/date-time.js'
import { StateDot, stateName } from './agent-state.js'

/** What an agent said about itself. */
export function AgentFacts({ agent }: { agent: Agent }): JSX.Element {
  const { serverMetaData: server, jvmInfo: jvm, status } = agent
  const facts: [string, string][] = [
    [text('call.application'), agent.applicationName],
    [text('inspector.type'), agent.serviceType],
    [text('inspector.host'), agent.hostName],
    [text('inspector.ip'), agent.ip],
    [text('inspector.pid'), String(agent.pid)],
    [text('inspector.start'), dateTime(agent.startTimestamp)],
    [text('inspector.version'), agent.agentVersion],
    [text('inspector.jvm'), jvm?.jvmVersion || agent.vmVersion],
    [text('inspector.gc'), jvm?.gcTypeName ?? ''],
    [text('inspector.server'), server?.serverInfo ?? ''],
  ]
  return (
    <section class="agent-facts" aria-label={text('inspector.info')}>
      <header>
        <StateDot state={status} />
        <h2>{agent.agentId}</h2>
        <span class="quiet">
          {stateName(status)}
          {status &&
            status.eventTimestamp > 0 &&
            ` ${text('inspector.since', { time: dateTime(status.eventTimestamp) })}`}
        </span>
      </header>
      <dl>
        {facts
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {server && server.vmArgs.length > 0 && (
        <details>
          <summary>{text('inspector.args')}</summary>
          <pre>{server.vmArgs.join('\n')}</pre>
        </details>
      )}
      {server && server.serviceInfos.length > 0 && (
        <details>
          <summary>{text('inspector.services')}</summary>
          {server.serviceInfos.map((service) => (
            <div key={service.serviceName}>
              <h4>{service.serviceName}</h4>
              <pre>{service.serviceLibs.join('\n')}</pre>
            </div>
          ))}
        </details>
      )}
    </section>
  )
}

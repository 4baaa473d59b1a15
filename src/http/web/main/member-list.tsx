import type { JSX } from 'preact'
import { number, text } from '../i18n/text.js'
import type { GraphNode } from '../map/map-graph.js'

/** The destinations that are drawn as one node, busiest first. */
export function MemberList({ node }: { node: GraphNode }): JSX.Element {
  return (
    <section class="panel-section">
      <h3>{text('panel.members')}</h3>
      <ul class="member-list">
        {node.members
          .toSorted((a, b) => b.totalCount - a.totalCount)
          .map((member) => (
            <li key={member.key}>
              <span class="member-name" title={member.applicationName}>
                {member.applicationName}
              </span>
              <span>{number(member.totalCount)}</span>
              {member.errorCount > 0 && <span class="text-error">{number(member.errorCount)}</span>}
            </li>
          ))}
      </ul>
    </section>
  )
}

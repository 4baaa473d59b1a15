import type { ComponentChildren, JSX } from 'preact'
import { Icon, type IconName } from './icon.js'

interface EmptyStateProps {
  icon: IconName
  title: string
  children?: ComponentChildren
}

/** Nothing to show: why, and what to do. */
export function EmptyState({ icon, title, children }: EmptyStateProps): JSX.Element {
  return (
    <div class="state">
      <Icon name={icon} size={32} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}

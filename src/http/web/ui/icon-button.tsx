import type { JSX } from 'preact'
import { Icon, type IconName } from './icon.js'

interface IconButtonProps {
  icon: IconName
  /** for those who hear it, and as the tip for those who point at it */
  label: string
  disabled?: boolean
  onClick: () => void
}

/** A button that is a drawing alone. */
export function IconButton({ icon, label, disabled, onClick }: IconButtonProps): JSX.Element {
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}

import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface PopoverProps {
  open: boolean
  onClose: () => void
  label: string
  class?: string
  children: ComponentChildren
}

/** A panel below its button; a press elsewhere or Escape closes it, and the focus goes back. */
export function Popover({ open, onClose, label, class: name = '', children }: PopoverProps): JSX.Element | null {
  const panel = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    if (!open) return
    const before = document.activeElement
    const pressed = (event: Event): void => {
      const around = panel.current?.parentElement
      if (around && event.target instanceof Node && !around.contains(event.target)) close.current()
    }
    const key = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      close.current()
      if (before instanceof HTMLElement) before.focus()
    }
    addEventListener('pointerdown', pressed)
    addEventListener('keydown', key)
    return () => {
      removeEventListener('pointerdown', pressed)
      removeEventListener('keydown', key)
    }
  }, [open])
  if (!open) return null
  return (
    <div ref={panel} class={`popover ${name}`} role="dialog" aria-label={label}>
      {children}
    </div>
  )
}

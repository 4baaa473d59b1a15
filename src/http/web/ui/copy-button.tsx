import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { text } from '../i18n/text.js'
import { Icon } from './icon.js'

const TOLD_MS = 1_500

/** Copies a text; says so for a moment. Browsers allow it only to pages from https and from this host. */
export function CopyButton({ value, label = text('copy') }: { value: string; label?: string }): JSX.Element | null {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), TOLD_MS)
    return () => clearTimeout(timer)
  }, [copied])
  if (navigator.clipboard === undefined) return null
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => undefined,
    )
  }
  return (
    <button type="button" class="link-button" onClick={copy} aria-live="polite">
      <Icon name="copy" size={15} />
      {copied ? text('copied') : label}
    </button>
  )
}

import type { JSX } from 'preact'
import type { AgentState } from '../api/agents.js'
import { isTextKey, text } from '../i18n/text.js'

export function stateName(state: AgentState | null | undefined): string {
  const key = `agent.state.${state?.state.code ?? -1}`
  return isTextKey(key) ? text(key) : (state?.state.desc ?? '')
}

const KINDS: Record<number, string> = { 100: 'good', 200: 'ended', 201: 'bad', 300: 'bad' }

/** A dot in the colour of the state; its name for those who cannot see it. */
export function StateDot({ state }: { state: AgentState | null | undefined }): JSX.Element {
  const name = stateName(state)
  return (
    <span
      class={`state-dot state-${KINDS[state?.state.code ?? -1] ?? 'unknown'}`}
      role="img"
      aria-label={name}
      title={name}
    />
  )
}

import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { text } from '../i18n/text.js'
import { clockTime, dateTime, fieldDate, parseFieldDate } from '../time/date-time.js'
import { PERIOD_PRESETS } from '../time/period.js'
import { rangeFault, type TimeRange } from '../time/time-range.js'
import { Icon } from '../ui/icon.js'
import { IconButton } from '../ui/icon-button.js'
import { Popover } from '../ui/popover.js'

interface TimeControlsProps {
  period: string
  range: TimeRange
  live: boolean
  /** real time makes no sense on every screen */
  canLive: boolean
  onPeriod: (period: string) => void
  onRange: (range: TimeRange) => void
  onShift: (steps: number) => void
  onRefresh: () => void
  onLive: () => void
}

export function TimeControls(props: TimeControlsProps): JSX.Element {
  const { period, range, live } = props
  const [open, setOpen] = useState(false)
  return (
    <div class="time-controls">
      <IconButton icon="left" label={text('time.earlier')} disabled={live} onClick={() => props.onShift(-1)} />
      <div class="time-range">
        <button
          type="button"
          class="time-button"
          aria-haspopup="dialog"
          aria-expanded={open}
          aria-label={`${text('time.label')}: ${rangeText(range)}`}
          onClick={() => setOpen(!open)}
        >
          <Icon name="clock" size={16} />
          <span class="time-period">{live ? text('time.realtime') : period}</span>
          <span class="time-span">{rangeText(range)}</span>
          <Icon name="down" size={14} />
        </button>
        <Popover open={open} onClose={() => setOpen(false)} label={text('time.label')} class="time-popover">
          <div class="preset-list">
            {PERIOD_PRESETS.map((preset) => (
              <button
                key={preset}
                type="button"
                aria-pressed={!live && preset === period}
                onClick={() => {
                  setOpen(false)
                  props.onPeriod(preset)
                }}
              >
                {text('time.last', { period: preset })}
              </button>
            ))}
          </div>
          <CustomRange
            key={open}
            range={range}
            onRange={(chosen) => {
              setOpen(false)
              props.onRange(chosen)
            }}
          />
        </Popover>
      </div>
      <IconButton icon="right" label={text('time.later')} disabled={live} onClick={() => props.onShift(1)} />
      <IconButton icon="refresh" label={text('time.refresh')} disabled={live} onClick={props.onRefresh} />
      {props.canLive && (
        <button
          type="button"
          class={live ? 'live-button is-live' : 'live-button'}
          title={text('time.realtimeHint')}
          aria-pressed={live}
          onClick={props.onLive}
        >
          <Icon name="live" size={16} />
          <span>{text('time.realtime')}</span>
        </button>
      )}
    </div>
  )
}

function CustomRange({ range, onRange }: { range: TimeRange; onRange: (range: TimeRange) => void }): JSX.Element {
  const [from, setFrom] = useState(fieldDate(range.from))
  const [to, setTo] = useState(fieldDate(range.to))
  const chosen = { from: parseFieldDate(from) ?? 0, to: parseFieldDate(to) ?? 0 }
  const fault = rangeFault(chosen)
  return (
    <form
      class="custom-range"
      onSubmit={(event) => {
        event.preventDefault()
        if (fault === undefined) onRange(chosen)
      }}
    >
      <h3>{text('time.custom')}</h3>
      <label>
        <span>{text('time.from')}</span>
        <input type="datetime-local" step="1" required value={from} onInput={(e) => setFrom(e.currentTarget.value)} />
      </label>
      <label>
        <span>{text('time.to')}</span>
        <input type="datetime-local" step="1" required value={to} onInput={(e) => setTo(e.currentTarget.value)} />
      </label>
      {fault !== undefined && (
        <p class="field-fault" role="alert">
          {text(`time.${fault}`)}
        </p>
      )}
      <button type="submit" class="button" disabled={fault !== undefined}>
        {text('time.apply')}
      </button>
    </form>
  )
}

/** 11-23 15:00:00 – 15:05:00: the day once when both ends have the same */
function rangeText({ from, to }: TimeRange): string {
  const [first, last] = [dateTime(from), dateTime(to)]
  const sameDay = first.slice(0, 10) === last.slice(0, 10)
  return `${first.slice(5)} – ${sameDay ? clockTime(to) : last.slice(5)}`
}

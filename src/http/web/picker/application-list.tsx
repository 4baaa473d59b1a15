import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Application } from '../api/applications.js'
import { text } from '../i18n/text.js'
import { Glyph } from '../map/glyph.js'
import { glyphKind } from '../map/glyph-kind.js'
import type { ApplicationKey } from '../route/application-key.js'
import { Icon } from '../ui/icon.js'
import { matchApplications } from './match-applications.js'

interface ApplicationListProps {
  applications: readonly Application[]
  chosen: ApplicationKey | undefined
  onChoose: (application: ApplicationKey) => void
  focus: boolean
}

/** All the same to look at with thousands of applications: more are found by typing. */
const MAX_SHOWN = 200

/** A search field and what it finds; arrows move, Enter chooses. */
export function ApplicationList({ applications, chosen, onChoose, focus }: ApplicationListProps): JSX.Element {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const found = matchApplications(applications, query).slice(0, MAX_SHOWN)
  useEffect(() => {
    if (focus) input.current?.focus()
  }, [focus])
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])

  const choose = (a: Application | undefined): void => {
    if (a !== undefined) onChoose({ name: a.applicationName, type: a.serviceType })
  }
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setActive((n) => Math.min(Math.max(0, n + step), Math.max(0, found.length - 1)))
    } else if (event.key === 'Enter') choose(found[active])
  }

  return (
    <div class="application-list">
      <label class="search-field">
        <Icon name="search" />
        <span class="visually-hidden">{text('picker.search')}</span>
        <input
          ref={input}
          type="text"
          placeholder={text('picker.search')}
          value={query}
          onInput={(e) => {
            setQuery(e.currentTarget.value)
            setActive(0)
          }}
          onKeyDown={press}
          list={undefined}
          aria-expanded="true"
          aria-controls="applications"
          aria-activedescendant={found.length > 0 ? `application-${active}` : ''}
        />
      </label>
      <ul id="applications" ref={list} role="listbox" aria-label={text('picker.label')}>
        {found.map((a, i) => (
          <li
            key={`${a.applicationName}@${a.serviceType}`}
            id={`application-${i}`}
            role="option"
            tabindex={-1}
            aria-selected={a.applicationName === chosen?.name && a.serviceType === chosen.type}
            class={i === active ? 'is-active' : ''}
            onClick={() => choose(a)}
            onPointerMove={() => setActive(i)}
          >
            <Glyph kind={glyphKind(a.serviceType)} size={20} />
            <span class="option-name">{a.applicationName}</span>
            <span class="option-type">{a.serviceType}</span>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet pad">{text('picker.none', { query })}</p>}
    </div>
  )
}

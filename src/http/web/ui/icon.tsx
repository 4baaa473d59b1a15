import type { JSX } from 'preact'

// Drawn on 20 × 20 by strokes in the colour of the text.
const PATHS = {
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  fit: 'M3.5 7.500v-4h4M12.5 3.500h4v4M16.5 12.500v4h-4M7.5 16.500h-4v-4',
  arrange:
    'M3.5 8h4v4h-4zM12.5 3.500h4v4h-4zM12.5 12.500h4v4h-4zM7.5 10h2.500M10 5.500h2.500M10 14.500h2.500M10 5.500v9',
  search: 'M9 14.500a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4',
  refresh: 'M16.5 10a6.5 6.5 0 1 1-2-4.700M16.5 3v3.500H13',
  left: 'm12 4.5-5.5 5.5 5.5 5.5',
  right: 'm8 4.5 5.5 5.500L8 15.5',
  down: 'M4.5 7.5 10 13l5.5-5.5',
  up: 'M4.5 12.5 10 7l5.5 5.5',
  close: 'm5 5 10 10M15 5 5 15',
  live: 'M10 11.200a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.400ZM6.5 13.500a5 5 0 0 1 0-7M13.5 6.500a5 5 0 0 1 0 7M4 16a8.5 8.5 0 0 1 0-12M16 4a8.5 8.5 0 0 1 0 12',
  sun: 'M10 13.200a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.400ZM10 2.500v1.500M10 16v1.500M2.5 10H4M16 10h1.500M4.7 4.700l1 1M14.3 14.300l1 1M15.3 4.700l-1 1M5.7 14.300l-1 1',
  moon: 'M16.5 11.800A6.8 6.8 0 0 1 8.2 3.500a6.8 6.8 0 1 0 8.3 8.300Z',
  keyboard: 'M2.5 5.500h15v9h-15zM5.5 8.500h.01M8.5 8.500h.01M11.5 8.500h.01M14.5 8.500h.01M6.5 11.500h7',
  inspect: 'M3 16.500V9M7.5 16.500v-5M12 16.500V6.500M16.5 16.500v-13',
  map: 'M4.5 12.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM15 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM15 17a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM6.3 9.6 13.2 6M6.3 11.400l6.9 2.7',
  list: 'M6.5 5h10M6.5 10h10M6.5 15h10M3.5 5h.01M3.5 10h.01M3.5 15h.01',
  warning: 'M10 3 2.5 16.500h15zM10 8v4M10 14.300v.1',
  copy: 'M7 7h9.500v9.500H7zM13 7V3.500H3.500V13H7',
  open: 'M11.5 3.500h5v5M16.5 3.5 9.5 10.500M14 11.500v5H3.500V6h5',
  fork: 'M5.5 4v5a3 3 0 0 0 3 3h6M11.8 9l3 3-3 3',
  expand: 'M5 8l5 5 5-5M5 4h10',
  collapse: 'M5 12l5-5 5 5M5 16h10',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.200l2.8 1.8',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, size = 18 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}

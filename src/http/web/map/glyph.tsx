import type { JSX } from 'preact'
import type { GlyphKind } from './glyph-kind.js'

// Drawn on 24 × 24 by strokes in the colour of the text.
const PATHS: Record<GlyphKind, string> = {
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6',
  server: 'M4 4.500h16v6H4zM4 13.500h16v6H4zM7.5 7.500h.01M7.5 16.500h.01M11 7.500h5.500M11 16.500h5.5',
  database:
    'M12 3.500c4.4 0 7.5 1.3 7.5 3s-3.1 3-7.5 3-7.5-1.3-7.5-3 3.1-3 7.5-3ZM4.5 6.500v11c0 1.7 3.1 3 7.5 3s7.5-1.3 7.5-3v-11M4.5 12c0 1.7 3.1 3 7.5 3s7.5-1.3 7.5-3',
  documents: 'M7 3.500h7l4 4v13H7zM14 3.500v4h4M10 12h5M10 15.500h5',
  cache: 'M13 3 5 13.500h6L10.5 21 19 10.500h-6.200z',
  queue: 'M3.5 8h4.500v8H3.500zM10 8h4.500v8H10zM16.5 12h4.500M18.8 9.5 21.2 12l-2.4 2.5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20.5 20.5',
  program: 'M3.5 5h17v14h-17zM7 9.500l3 2.5-3 2.500M12.5 15H17',
  outside: 'M7 18.500h10a4 4 0 0 0 .6-7.950A5.75 5.75 0 0 0 6.5 9.7 4.45 4.45 0 0 0 7 18.500Z',
}

export function Glyph({ kind, size = 24, x = 0, y = 0 }: GlyphProps): JSX.Element {
  return (
    <svg class="glyph" width={size} height={size} x={x} y={y} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[kind]} />
    </svg>
  )
}

interface GlyphProps {
  kind: GlyphKind
  size?: number
  x?: number
  y?: number
}

export interface FitSize {
  width: number
  height: number
}

/** A small map is not blown up beyond this. */
const MAX_SCALE = 1.15

/** Scale and place so that the content is in the middle of the window, as large as fits. */
export function fitTransform(content: FitSize, window: FitSize): { scale: number; x: number; y: number } {
  const scale = Math.min(
    MAX_SCALE,
    window.width / Math.max(1, content.width),
    window.height / Math.max(1, content.height),
  )
  return {
    scale,
    x: (window.width - content.width * scale) / 2,
    y: (window.height - content.height * scale) / 2,
  }
}

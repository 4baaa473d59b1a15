import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** Width and height of an element in CSS pixels, as it is now; 0 before it is laid out. */
export function useElementSize(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const target = element.current
    if (target === null) return
    const measure = (): void => setSize({ width: target.clientWidth, height: target.clientHeight })
    const observer = new ResizeObserver(measure)
    observer.observe(target)
    measure()
    return () => observer.disconnect()
  }, [])
  return size
}

import { useEffect, useState } from 'preact/hooks'
import type { RefObject } from 'preact'

/** The width of an element in CSS pixels, as it changes; 0 before it is there. */
export function useWidth (ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new ResizeObserver(entries => { setWidth(Math.floor(entries[0]!.contentRect.width)) })
    observer.observe(element)
    return () => { observer.disconnect() }
  }, [])
  return width
}

/** Sizes a canvas for the screen's pixels; gives its context in CSS pixels. Sizes that are the same keep what is drawn. */
export function fit (canvas: HTMLCanvasElement, width: number, height: number): { context: CanvasRenderingContext2D, fresh: boolean } {
  const ratio = Math.min(2, devicePixelRatio)
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
  const fresh = canvas.width !== w || canvas.height !== h
  if (fresh) {
    canvas.width = w
    canvas.height = h
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
  }
  const context = canvas.getContext('2d')!
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  return { context, fresh }
}

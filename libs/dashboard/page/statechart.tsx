import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** Titles of the drawing's states that a machine's value has active, composite ones too: `attempting.primary.running`. */
export function activeStates (value: unknown, within = ''): string[] {
  const path = (name: string): string => within === '' ? name : `${within}.${name}`
  if (typeof value === 'string') return [path(value)]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [path(name), ...activeStates(inner, path(name))])
}

/** The drawing of a machine, which is made from the machine itself, with the states lit that are active. */
export function Statechart ({ machine, value, caption }: { machine: string, value: unknown, caption: ComponentChildren }): ComponentChildren {
  const box = useRef<HTMLDivElement>(null)
  const [drawing, setDrawing] = useState<SVGSVGElement>()
  const [missing, setMissing] = useState('')
  const [whole, setWhole] = useState(false)
  useEffect(() => {
    // Asked for as a document: no text is ever made markup here.
    const request = new XMLHttpRequest()
    request.open('GET', `${machine}.svg`)
    request.responseType = 'document'
    request.overrideMimeType('image/svg+xml')
    request.addEventListener('loadend', () => {
      // What is no drawing must not be parsed as one.
      const root = request.status === 200 ? request.responseXML?.documentElement : undefined
      if (root instanceof SVGSVGElement) setDrawing(document.adoptNode(root))
      else setMissing(`the drawing of ${machine} could not be loaded`)
    })
    request.send()
    return () => { request.abort() }
  }, [machine])
  useEffect(() => {
    if (drawing === undefined || box.current === null) return
    drawing.setAttribute('role', 'img')
    const { width, height } = drawing.viewBox.baseVal
    drawing.setAttribute('width', String(width))
    drawing.setAttribute('height', String(height))
    for (const title of drawing.querySelectorAll('title')) title.parentElement?.setAttribute('data-state', title.textContent.replace(/^cluster /, ''))
    for (const title of drawing.querySelectorAll('title')) title.remove()
    box.current.replaceChildren(drawing)
  }, [drawing])
  const active = activeStates(value)
  const lit = active.join(' ')
  useEffect(() => {
    if (drawing === undefined) return
    drawing.setAttribute('aria-label', `the states of ${machine}${active.length === 0 ? '' : `; now in ${active.at(-1)}`}`)
    const on = new Set(active)
    // Of several states that are active the innermost one says most.
    let seen: Element | undefined
    const depth = (element: Element | undefined): number => element?.getAttribute('data-state')?.split('.').length ?? 0
    for (const group of drawing.querySelectorAll('.node, .cluster')) {
      const is = on.has(group.getAttribute('data-state') ?? '')
      group.classList.toggle('lit', is)
      if (is && group.classList.contains('node') && depth(group) > depth(seen)) seen = group
    }
    bringIntoView(box.current!, seen)
  }, [drawing, lit, whole])
  return (
    <figure class="statechart">
      <figcaption><span>{caption}</span><button type="button" aria-pressed={whole} onClick={() => { setWhole(!whole) }}>whole</button></figcaption>
      <div class={`statechart-box${whole ? ' whole' : ''}`} ref={box} tabIndex={0} role="group" aria-label={`drawing of ${machine}; scrolls`}>{missing}</div>
    </figure>
  )
}

/** Scrolls the drawing alone, not the page. */
function bringIntoView (box: HTMLElement, element: Element | undefined): void {
  if (element === undefined) return
  const [outer, inner] = [box.getBoundingClientRect(), element.getBoundingClientRect()]
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  box.scrollBy({ left: inner.left + inner.width / 2 - outer.left - outer.width / 2, top: inner.top + inner.height / 2 - outer.top - outer.height / 2, behavior: still ? 'instant' : 'smooth' })
}

import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { ROW, type AttemptOutcome, type LoggedAttempt } from '@ipfs-mapreduce/actors/layout'
import { duration, peerTail, plural } from './format.ts'
import { Lanes, type Lane } from './lanes.ts'
import { go } from './route.ts'
import { fit, useWidth } from './size.ts'
import { color, useScheme } from './theme.ts'
import type { Attempts } from '../src/model/attempts.ts'

const LANE = 20
const MAX_LANES_SHOWN = 16
const AXIS = 22
/** Nothing shorter is shown over the whole width, in milliseconds. */
const SHORTEST_MS = 50

const WORDS: Record<AttemptOutcome, string> = { active: 'running', completed: 'completed', failed: 'failed', lost: 'lost', refused: 'refused', overtaken: 'overtaken' }

interface Props {
  job: string
  attempts: Attempts
  roles: ReadonlyMap<string, { role: string }>
  /** Milliseconds since the job's start: now, or its end. */
  untilMs: number
}

interface Span { from: number, to: number }

/** Who ran what, when: a lane for each slot of each worker. Only what can be seen is drawn. */
export function Timeline ({ job, attempts, roles, untilMs }: Props): ComponentChildren {
  const box = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const lanes = useRef(new Lanes(attempts))
  const [zoom, setZoom] = useState<Span>()
  const [top, setTop] = useState(0)
  const [hovered, setHovered] = useState<{ row: number, x: number, y: number }>()
  const [cursor, setCursor] = useState<{ lane: number, place: number }>()
  const width = useWidth(box)
  useScheme()
  const all = lanes.current.update(attempts)
  const labels = width < 560 ? 58 : 128
  const span = zoom ?? { from: 0, to: Math.max(SHORTEST_MS, untilMs) }
  const shown = Math.min(all.length, MAX_LANES_SHOWN)
  const plot = Math.max(1, width - labels)
  const cursorRow = cursor === undefined ? undefined : all[cursor.lane]?.rows[cursor.place]

  useLayoutEffect(() => {
    if (canvas.current === null || width === 0) return
    const { context } = fit(canvas.current, width, shown * LANE + AXIS)
    draw(context, { attempts, lanes: all, roles, span, top, width, labels, shown, untilMs, ...cursorRow !== undefined && { cursorRow } })
  })

  const zoomBy = (factor: number, around = (span.from + span.to) / 2): void => {
    const length = Math.max(SHORTEST_MS, (span.to - span.from) * factor)
    if (length >= untilMs) return setZoom(undefined)
    const from = Math.max(0, Math.min(untilMs - length, around - (around - span.from) * factor))
    setZoom({ from, to: from + length })
  }
  const pan = (share: number): void => {
    if (zoom === undefined) return
    const length = zoom.to - zoom.from
    const from = Math.max(0, Math.min(untilMs - length, zoom.from + share * length))
    setZoom({ from, to: from + length })
  }
  const rowAt = (event: MouseEvent): number | undefined => {
    const bounds = canvas.current!.getBoundingClientRect()
    const [x, y] = [event.clientX - bounds.left, event.clientY - bounds.top]
    const lane = all[Math.floor((y - AXIS + top) / LANE)]
    if (lane === undefined || x < labels || y < AXIS) return undefined
    const slack = 2 * (span.to - span.from) / plot
    const ms = span.from + (x - labels) * (span.to - span.from) / plot
    return lane.rows.find(row => attempts.rows[row * ROW + 3]! - slack <= ms && (attempts.rows[row * ROW + 4]! < 0 ? untilMs : attempts.rows[row * ROW + 4]!) + slack >= ms)
  }
  // A wheel listener must not be passive, or the page would zoom too.
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      const x = event.clientX - canvas.current!.getBoundingClientRect().left - labels
      zoomBy(event.deltaY > 0 ? 1.25 : 0.8, span.from + x * (span.to - span.from) / plot)
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => { element.removeEventListener('wheel', wheel) }
  })
  const key = (event: KeyboardEvent): void => {
    if (event.key === '+' || event.key === '=') zoomBy(0.6)
    else if (event.key === '-') zoomBy(1 / 0.6)
    else if (event.key === '0') setZoom(undefined)
    else if (event.key === 'Enter' && cursorRow !== undefined) open(cursorRow)
    else if (event.shiftKey && event.key === 'ArrowRight') pan(0.25)
    else if (event.shiftKey && event.key === 'ArrowLeft') pan(-0.25)
    else if (event.key.startsWith('Arrow')) walk(event.key)
    else return
    event.preventDefault()
  }
  const walk = (arrow: string): void => {
    if (all.length === 0) return
    const { lane, place } = cursor ?? { lane: 0, place: -1 }
    const nextLane = Math.max(0, Math.min(all.length - 1, lane + (arrow === 'ArrowDown' ? 1 : arrow === 'ArrowUp' ? -1 : 0)))
    const nextPlace = Math.max(0, Math.min(all[nextLane]!.rows.length - 1, place + (arrow === 'ArrowRight' ? 1 : arrow === 'ArrowLeft' ? -1 : 0)))
    setCursor({ lane: nextLane, place: nextPlace })
    const y = nextLane * LANE
    const view = scroller.current
    if (view !== null && (y < view.scrollTop || y + LANE > view.scrollTop + shown * LANE)) view.scrollTop = Math.max(0, y - LANE * 2)
  }
  const open = (row: number): void => {
    const { kind, task } = attempts.get(row)
    go({ job, task: { kind, task } })
  }
  const told = cursorRow === undefined ? undefined : describe(attempts.get(cursorRow), untilMs)
  return (
    <div class="timeline" ref={box}>
      <div class="timeline-tools">
        <ul class="legend">
          <li><i class="swatch tl-map" aria-hidden="true" />map</li>
          <li><i class="swatch tl-reduce" aria-hidden="true" />reduce</li>
          <li><i class="swatch tl-backup" aria-hidden="true" />backup</li>
          <li><i class="swatch tl-failed" aria-hidden="true" />failed</li>
          <li><i class="swatch tl-lost" aria-hidden="true" />lost</li>
          <li><i class="swatch tl-overtaken" aria-hidden="true" />overtaken</li>
        </ul>
        <span class="space" />
        <div class="buttons" role="group" aria-label="zoom of the timeline">
          <button type="button" onClick={() => { zoomBy(1 / 0.6) }} aria-label="zoom out" disabled={zoom === undefined}>−</button>
          <button type="button" onClick={() => { setZoom(undefined) }} disabled={zoom === undefined}>all</button>
          <button type="button" onClick={() => { zoomBy(0.6) }} aria-label="zoom in">+</button>
        </div>
      </div>
      <div
        class="timeline-scroll" ref={scroller} tabIndex={0} role="application" aria-roledescription="timeline" aria-label={`${plural(attempts.size, 'attempt')} on ${plural(all.length, 'slot')}; arrows walk, Enter opens the task, plus and minus zoom`}
        onKeyDown={key} onBlur={() => { setCursor(undefined) }} onScroll={event => { setTop(event.currentTarget.scrollTop) }}
        onMouseMove={event => { const row = rowAt(event); const b = box.current!.getBoundingClientRect(); setHovered(row === undefined ? undefined : { row, x: event.clientX - b.left, y: event.clientY - b.top }) }}
        onMouseLeave={() => { setHovered(undefined) }} onClick={event => { const row = rowAt(event); if (row !== undefined) open(row) }}
      >
        <TallBox height={all.length * LANE + AXIS} view={shown * LANE + AXIS}><canvas ref={canvas} /></TallBox>
        {all.length === 0 && <p class="empty">no attempt yet</p>}
      </div>
      {hovered !== undefined && hovered.row < attempts.size && <Tip x={hovered.x} y={hovered.y} width={width}>{describe(attempts.get(hovered.row), untilMs)}</Tip>}
      <p class="hidden" aria-live="polite">{told}</p>
      {told !== undefined && <p class="timeline-told num" aria-hidden="true">{told}</p>}
    </div>
  )
}

/** A box as tall as all lanes, in which the canvas stays in view. Sizes are set by script, because the page may have no inline styles. */
function TallBox ({ height, view, children }: { height: number, view: number, children: ComponentChildren }): ComponentChildren {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    ref.current!.style.height = `${height}px`
    ref.current!.parentElement!.style.maxHeight = `${view}px`
  }, [height, view])
  return <div ref={ref}>{children}</div>
}

function Tip ({ x, y, width, children }: { x: number, y: number, width: number, children: ComponentChildren }): ComponentChildren {
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { offsetWidth } = ref.current!
    ref.current!.style.transform = `translate(${Math.max(0, Math.min(width - offsetWidth, x + 12))}px, ${y + 16}px)`
  })
  return <div class="tooltip" ref={ref} aria-hidden="true">{children}</div>
}

function describe ({ kind, task, attempt, worker, startMs, endMs, outcome, backup, local }: LoggedAttempt, untilMs: number): string {
  return `${kind} ${task}, attempt ${attempt}${backup ? ' (backup)' : ''} at ${peerTail(worker)}: ${WORDS[outcome]}, ${duration((endMs < 0 ? untilMs : endMs) - startMs)} from ${duration(startMs)}${local ? ', its blocks there' : ''}`
}

interface Drawing {
  attempts: Attempts
  lanes: Lane[]
  roles: Props['roles']
  span: Span
  top: number
  width: number
  labels: number
  shown: number
  untilMs: number
  cursorRow?: number
}

function draw (context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { lanes, span, top, width, labels, shown, roles } = drawing
  const height = shown * LANE
  context.clearRect(0, 0, width, height + AXIS)
  context.font = `11px ${color('mono')}`
  context.textBaseline = 'middle'
  drawAxis(context, span, labels, width, height)
  context.save()
  context.beginPath()
  context.rect(0, AXIS, width, height)
  context.clip()
  const first = Math.floor(top / LANE)
  for (let i = first; i < Math.min(lanes.length, first + shown + 1); i++) {
    const lane = lanes[i]!
    const y = AXIS + i * LANE - top
    if (lane.slot === 0) {
      context.fillStyle = color('line')
      context.fillRect(0, y, width, 1)
      const role = roles.get(lane.worker)?.role
      context.fillStyle = color(role === undefined ? 'bad-ink' : 'ink-2')
      const name = peerTail(lane.worker)
      context.fillText(labels < 100 ? name : `${role ?? 'gone'} ${name}`, 2, y + LANE / 2 + 1)
    }
    drawLane(context, drawing, lane, y)
  }
  context.restore()
}

const TICKS_MS = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000]

function drawAxis (context: CanvasRenderingContext2D, { from, to }: Span, left: number, width: number, height: number): void {
  const plot = width - left
  const every = TICKS_MS.find(ms => ms >= (to - from) / Math.max(2, plot / 90)) ?? TICKS_MS.at(-1)!
  for (let ms = Math.ceil(from / every) * every; ms <= to; ms += every) {
    const x = left + (ms - from) / (to - from) * plot
    context.fillStyle = color('line')
    context.fillRect(x, AXIS - 4, 1, height + 4)
    context.fillStyle = color('ink-3')
    const label = ms === 0 ? '0' : every < 1000 ? `${(ms / 1000).toFixed(2)} s` : duration(ms).replace('.0 s', ' s').replace(' 00 s', '')
    if (x + context.measureText(label).width < width) context.fillText(label, x + 3, 9)
  }
}

function drawLane (context: CanvasRenderingContext2D, { attempts, span, labels, width, untilMs, cursorRow }: Drawing, lane: Lane, y: number): void {
  const { rows } = attempts
  const plot = width - labels
  const scale = plot / (span.to - span.from)
  const endOf = (row: number): number => rows[row * ROW + 4]! < 0 ? untilMs : rows[row * ROW + 4]!
  let painted = -1
  for (let i = firstEndingAfter(lane.rows, endOf, span.from); i < lane.rows.length; i++) {
    const row = lane.rows[i]!
    const startMs = rows[row * ROW + 3]!
    if (startMs > span.to) break
    const x = labels + Math.max(0, (startMs - span.from) * scale)
    const end = Math.min(width, labels + (endOf(row) - span.from) * scale)
    // What would cover no pixel of its own is left out.
    if (end < painted) continue
    const w = Math.max(1.5, end - x - (end - x > 4 ? 1 : 0))
    painted = x + w
    paintAttempt(context, attempts.get(row), { x, y: y + 3, w, h: LANE - 6 })
    if (row === cursorRow) {
      context.strokeStyle = color('focus')
      context.lineWidth = 2
      context.strokeRect(x - 1, y + 2, w + 2, LANE - 4)
    }
  }
}

function paintAttempt (context: CanvasRenderingContext2D, { kind, task, outcome, backup, attempt }: LoggedAttempt, { x, y, w, h }: { x: number, y: number, w: number, h: number }): void {
  const fill = outcome === 'completed' ? `tl-${kind}` : outcome === 'active' ? `tl-${kind}-active` : outcome === 'refused' ? 'tl-failed' : `tl-${outcome}`
  context.fillStyle = color(fill)
  context.beginPath()
  if (w > 5) context.roundRect(x, y, w, h, 3)
  else context.rect(x, y, w, h)
  context.fill()
  if (backup && w > 3) {
    context.strokeStyle = color('tl-backup')
    context.lineWidth = 2
    context.strokeRect(x + 1, y + 1, w - 2, h - 2)
  }
  const label = `${outcome === 'failed' ? '✕ ' : ''}${task}${attempt > 1 ? `·${attempt}` : ''}`
  const labelled = w > label.length * 7 + 8
  const free = labelled && outcome === 'lost' ? label.length * 7 + 8 : 0
  if (outcome === 'lost' && w > 6) hatch(context, { x: x + free, y, w: w - free, h })
  if (labelled) {
    context.fillStyle = color(outcome === 'active' ? 'ink' : outcome === 'overtaken' ? 'ink-2' : 'on-color')
    context.fillText(label, x + 5, y + h / 2 + 1)
  }
}

function hatch (context: CanvasRenderingContext2D, { x, y, w, h }: { x: number, y: number, w: number, h: number }): void {
  context.save()
  context.beginPath()
  context.rect(x, y, w, h)
  context.clip()
  context.strokeStyle = color('surface')
  context.lineWidth = 1
  context.beginPath()
  for (let at = x - h; at < x + w; at += 6) {
    context.moveTo(at, y + h)
    context.lineTo(at + h, y)
  }
  context.stroke()
  context.restore()
}

/** The first of a lane's rows that ends after a time: rows do not overlap, so their ends are in order. */
function firstEndingAfter (rows: number[], endOf: (row: number) => number, ms: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (endOf(rows[middle]!) < ms) low = middle + 1
    else high = middle
  }
  return low
}

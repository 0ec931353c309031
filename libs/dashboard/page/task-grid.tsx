import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { CODES, stateOf, type TaskState } from '@ipfs-mapreduce/actors/layout'
import { count } from './format.ts'
import { go } from './route.ts'
import { fit, useWidth } from './size.ts'
import { color, useScheme } from './theme.ts'
import type { TaskKind } from '@ipfs-mapreduce/protocol'

/** Cells in CSS pixels, gap included: the largest with which all fit in the height. */
const CELLS = [22, 18, 15, 12, 10, 8, 7, 6, 5, 4, 3, 2]
const MAX_HEIGHT = 240

const WORDS: Record<TaskState, string> = {
  waiting: 'waiting', offered: 'offered', running: 'running', backedUp: 'backed up', securing: 'securing', backingOff: 'backing off', committed: 'committed', failed: 'failed', givenUp: 'given up'
}

interface Props {
  job: string
  kind: TaskKind
  /** A character code each; changed in place. */
  states: Uint8Array
  chosen: number | undefined
}

interface Layout { cell: number, columns: number, height: number }

function layoutOf (tasks: number, width: number): Layout {
  for (const cell of CELLS) {
    const columns = Math.max(1, Math.floor(width / cell))
    const height = Math.ceil(tasks / columns) * cell
    if (height <= MAX_HEIGHT || cell === CELLS.at(-1)) return { cell, columns, height }
  }
  return { cell: 2, columns: 1, height: 0 }
}

/** The tasks of a kind, a cell each, coloured by state. A slider to who cannot see it: arrows walk, Enter opens. */
export function TaskGrid ({ job, kind, states, chosen }: Props): ComponentChildren {
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const drawn = useRef<{ states: Uint8Array, key: string }>({ states: new Uint8Array(0), key: '' })
  const [cursor, setCursor] = useState(0)
  const [hovered, setHovered] = useState<number>()
  const [focused, setFocused] = useState(false)
  const width = useWidth(box)
  const scheme = useScheme()
  const tasks = states.length
  const layout = layoutOf(tasks, width)

  useEffect(() => { if (chosen !== undefined) setCursor(chosen) }, [chosen])
  // After every push: only what has changed is painted.
  useLayoutEffect(() => {
    if (canvas.current === null || width === 0) return
    const { context, fresh } = fit(canvas.current, layout.columns * layout.cell, Math.max(layout.height, 1))
    const key = `${scheme} ${layout.cell} ${layout.columns} ${tasks}`
    const before = fresh || drawn.current.key !== key ? undefined : drawn.current.states
    paint(context, layout, kind, states, before)
    drawn.current = { states: states.slice(), key }
  })

  const at = (event: MouseEvent): number | undefined => {
    if (event.target !== canvas.current) return undefined
    const task = Math.floor(event.offsetY / layout.cell) * layout.columns + Math.floor(event.offsetX / layout.cell)
    return event.offsetX < layout.columns * layout.cell && task >= 0 && task < tasks ? task : undefined
  }
  const move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]?.(layout.columns)
    if (event.key === 'Enter' || event.key === ' ') go({ job, task: { kind, task: cursor } })
    else if (step === undefined) return
    else setCursor(Math.min(tasks - 1, Math.max(0, cursor + step)))
    event.preventDefault()
  }
  const marked = [...focused ? [{ task: cursor, cls: 'cursor' }] : [], ...chosen !== undefined ? [{ task: chosen, cls: 'chosen' }] : []]
  const shown = hovered ?? (focused ? cursor : undefined)
  return (
    <div class={`grid-block ${kind}`}>
      <div class="grid-title">
        <span class={`kind-mark ${kind}`} aria-hidden="true">{kind === 'map' ? 'M' : 'R'}</span>
        <h3>{kind} tasks</h3>
        <span class="num muted">{count(tasks)}</span>
        <span class="space" />
        <span class="num tip" aria-hidden="true">{shown !== undefined && shown < tasks && <>{kind} <b>{shown}</b> {WORDS[stateOf(states[shown]!)]}</>}</span>
      </div>
      <div
        ref={box} class="grid" tabIndex={tasks > 0 ? 0 : -1} role="slider" aria-label={`${kind} tasks; Enter opens one`} aria-valuemin={0} aria-valuemax={Math.max(0, tasks - 1)} aria-valuenow={cursor}
        aria-valuetext={tasks === 0 ? 'none yet' : `${kind} task ${cursor}, ${WORDS[stateOf(states[cursor] ?? 0)]}`}
        onKeyDown={move} onFocus={event => { setFocused(event.currentTarget.matches(':focus-visible')) }} onBlur={() => { setFocused(false) }}
        onMouseMove={event => { setHovered(at(event)) }} onMouseLeave={() => { setHovered(undefined) }}
        onClick={event => { const task = at(event); if (task !== undefined) go({ job, task: { kind, task } }) }}
      >
        <canvas ref={canvas} />
        {tasks > 0 && (
          <svg class="grid-marks" width={layout.columns * layout.cell} height={layout.height} aria-hidden="true">
            {marked.map(({ task, cls }) => <rect key={cls} class={cls} x={(task % layout.columns) * layout.cell - 1.5} y={Math.floor(task / layout.columns) * layout.cell - 1.5} width={layout.cell + 2} height={layout.cell + 2} rx={Math.min(4, layout.cell / 3)} />)}
          </svg>
        )}
        {tasks === 0 && <p class="empty">none yet: the input is being planned</p>}
      </div>
      <Legend kind={kind} states={states} />
    </div>
  )
}

const PAGE_ROWS = 10
const STEPS: Record<string, (columns: number) => number> = {
  ArrowRight: () => 1, ArrowLeft: () => -1, ArrowDown: columns => columns, ArrowUp: columns => -columns,
  PageDown: columns => columns * PAGE_ROWS, PageUp: columns => -columns * PAGE_ROWS, Home: () => -Infinity, End: () => Infinity
}

/** How many tasks are in each state: the same colours with words. */
function Legend ({ kind, states }: { kind: TaskKind, states: Uint8Array }): ComponentChildren {
  const counts = new Uint32Array(128)
  for (const code of states) counts[code]!++
  return (
    <ul class={`legend ${kind}`}>
      {(Object.keys(CODES) as TaskState[]).filter(state => counts[CODES[state]]! > 0).map(state => (
        <li key={state}><i class={`swatch is-${state}`} aria-hidden="true" />{WORDS[state]} <b class="num">{count(counts[CODES[state]]!)}</b></li>
      ))}
    </ul>
  )
}

/** Paints the cells that differ from before, colour by colour: setting a colour is what costs. */
function paint (context: CanvasRenderingContext2D, { cell, columns, height }: Layout, kind: TaskKind, states: Uint8Array, before: Uint8Array | undefined): void {
  if (before === undefined) context.clearRect(0, 0, columns * cell, height)
  const byCode = new Map<number, number[]>()
  for (let task = 0; task < states.length; task++) {
    if (before?.[task] === states[task]) continue
    const list = byCode.get(states[task]!)
    if (list === undefined) byCode.set(states[task]!, [task])
    else list.push(task)
  }
  const gap = cell >= 10 ? 3 : cell >= 6 ? 2 : cell >= 4 ? 1 : 0
  const side = cell - gap
  for (const [code, tasks] of byCode) {
    const state = stateOf(code)
    context.fillStyle = color(state === 'running' || state === 'offered' ? `cell-${state}-${kind}` : `cell-${state}`)
    context.beginPath()
    for (const task of tasks) {
      const x = (task % columns) * cell
      const y = Math.floor(task / columns) * cell
      if (before !== undefined) context.clearRect(x, y, cell, cell)
      if (side >= 7) context.roundRect(x, y, side, side, side / 4)
      else context.rect(x, y, side, side)
    }
    context.fill()
  }
}

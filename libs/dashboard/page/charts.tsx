import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { bytes, compact } from './format.ts'
import { useWidth } from './size.ts'
import { color, useScheme } from './theme.ts'

/** Numbers of a sample, as they are pushed. */
const SAMPLE = 6
/** Rates are means over this many milliseconds: shorter ones are noise. */
const RATE_MS = 1500
const HEIGHT = 148

interface Line { label: string, tone: string }
type Columns = [number[], ...number[][]]

/** Ticks of counts are whole numbers, those of bytes whole powers of two. */
const WHOLE = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map(n => n * 10 ** power)).flat()
const POWERS = Array.from({ length: 45 }, (_, power) => 2 ** power)

/** Rates of a total, per second. */
function rates (samples: number[], column: number): number[] {
  const told: number[] = []
  let back = 0
  for (let at = 0; at < samples.length; at += SAMPLE) {
    while (back < at - SAMPLE && samples[at]! - samples[back + SAMPLE]! >= RATE_MS) back += SAMPLE
    const seconds = (samples[at]! - samples[back]!) / 1000
    told.push(seconds <= 0 ? 0 : Math.max(0, samples[at + column]! - samples[back + column]!) / seconds)
  }
  return told
}

function column (samples: number[], which: number, scale = 1): number[] {
  const told: number[] = []
  for (let at = which; at < samples.length; at += SAMPLE) told.push(samples[at]! * scale)
  return told
}

export function Charts ({ samples: taken, over }: { samples: number[], over: boolean }): ComponentChildren {
  // Every job begins with nothing.
  const samples = [0, 0, 0, 0, 0, 0, ...taken]
  const seconds = column(samples, 0, 0.001)
  return (
    <div class="charts">
      <Chart title="Records read" unit="/s" over={over} incrs={WHOLE} format={compact} lines={[{ label: 'records', tone: 'map' }]} data={[seconds, rates(samples, 1)]} />
      <Chart title="From peers" unit="/s" over={over} incrs={POWERS} format={bytes} lines={[{ label: 'shuffle', tone: 'reduce' }, { label: 'fetched', tone: 'ok' }]} data={[seconds, rates(samples, 2), rates(samples, 3)]} />
      <Chart title="Tasks running" unit="" over={over} incrs={WHOLE} format={compact} lines={[{ label: 'map', tone: 'map' }, { label: 'reduce', tone: 'reduce' }]} data={[seconds, column(samples, 4), column(samples, 5)]} stepped />
    </div>
  )
}

interface ChartProps {
  title: string
  unit: string
  /** Nothing more comes: the greatest value is told in place of the last one. */
  over: boolean
  incrs: number[]
  format: (n: number) => string
  lines: Line[]
  data: Columns
  stepped?: boolean
}

function Chart ({ title, unit, over, incrs, format, lines, data, stepped = false }: ChartProps): ComponentChildren {
  const [at, setAt] = useState<number | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | undefined>(undefined)
  const width = useWidth(box)
  const scheme = useScheme()
  useEffect(() => {
    if (box.current === null || width === 0) return
    plot.current = new uPlot(optionsOf({ width, incrs, format, lines, stepped, onCursor: setAt }), data, box.current)
    return () => {
      plot.current?.destroy()
      plot.current = undefined
    }
  }, [width, scheme])
  useEffect(() => { plot.current?.setData(data) })
  const told = data.slice(1).map(values => at !== null ? values[at] ?? 0 : over ? Math.max(0, ...values) : values.at(-1) ?? 0)
  const when = at !== null ? `at ${(data[0][at] ?? 0).toFixed(1)} s` : over ? 'peak' : 'now'
  return (
    <figure class="chart" aria-label={`${title} over time; ${when} ${lines.map(({ label }, i) => `${label} ${format(told[i]!)}${unit}`).join(', ')}`}>
      <figcaption><span>{title}</span>{lines.map(({ label, tone }, i) => <span key={label} class="chart-now"><i class={`swatch tone-${tone}`} aria-hidden="true" />{label} <b class="num">{format(told[i]!)}{unit}</b></span>)}<span class="chart-when num">{when}</span></figcaption>
      <div ref={box} class="chart-box" aria-hidden="true" />
    </figure>
  )
}

interface PlotInit extends Required<Pick<ChartProps, 'incrs' | 'format' | 'lines' | 'stepped'>> {
  width: number
  onCursor: (at: number | null) => void
}

function optionsOf ({ width, incrs, format, lines, stepped, onCursor }: PlotInit): uPlot.Options {
  const axis = { stroke: color('ink-3'), font: `11px ${color('sans')}`, grid: { stroke: color('line'), width: 1 }, ticks: { show: false } }
  const paths = stepped ? uPlot.paths.stepped?.({ align: 1 }) : uPlot.paths.spline?.()
  return {
    width, height: HEIGHT, legend: { show: false }, padding: [8, 16, 0, 0],
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(max * 1.1, 1)] } },
    cursor: { y: false, points: { size: 6 } },
    hooks: { setCursor: [({ cursor }) => { onCursor(cursor.idx ?? null) }] },
    axes: [
      { ...axis, grid: { show: false }, size: 24, values: (_, ticks) => ticks.map(tick => tick >= 120 ? `${Math.round(tick / 6) / 10} min` : `${tick} s`) },
      { ...axis, incrs, size: 58, space: 34, values: (_, ticks) => ticks.map(format) }
    ],
    series: [{}, ...lines.map(({ label, tone }) => ({ label, stroke: color(tone), width: 2, fill: color(`${tone}-wash`), points: { show: false }, ...paths !== undefined && { paths } }))]
  }
}

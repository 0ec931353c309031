import { describe, expect, it } from '@jest/globals'
import { createMachine } from 'xstate'
import { dotOf } from './dot.ts'
import { svgOf } from './svg.ts'
import { kettleMachine } from './testing/kettle.ts'

/** Smallest and largest coordinates of a shape, in points; downwards is larger. */
interface Box { left: number, top: number, right: number, bottom: number }

/** Boxes by the title that Graphviz gives each node and cluster. */
function boxesOf (svg: string): Map<string, Box> {
  const boxes = new Map<string, Box>()
  for (const [, title, shape] of svg.matchAll(/<g id="\w+" class="(?:node|cluster)">\n<title>(.*?)<\/title>\n(.*?)\n<\/g>/gs)) {
    const outline = /<(?:path|polygon)[^>]* (?:d|points)="([^"]+)"|<ellipse[^>]* cx="(?<cx>[^"]+)" cy="(?<cy>[^"]+)"/.exec(shape!)!
    const points = outline[1] === undefined
      ? [[Number(outline.groups!.cx), Number(outline.groups!.cy)]]
      : [...outline[1].matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
    const [xs, ys] = [points.map(([x]) => x!), points.map(([, y]) => y!)]
    boxes.set(title!, { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) })
  }
  return boxes
}

const isInside = (inner: Box, outer: Box): boolean =>
  inner.left > outer.left && inner.top > outer.top && inner.right < outer.right && inner.bottom < outer.bottom

describe('DOT graph of a machine', () => {
  const dot = dotOf(kettleMachine)
  const line = (start: string): string => dot.split('\n').map(text => text.trim()).find(text => text.startsWith(start))!

  it('writes labels in full, what time brings about in a colour of its own', () => {
    expect(line('"off" -> "start on.heater"')).toContain('label=< press <FONT COLOR="#57606a">[isFull and not isHot]</FONT><BR ALIGN="LEFT"/> turn <FONT COLOR="#57606a">[isFull]</FONT><BR ALIGN="LEFT"/>>')
    expect(line('"on.heater.heating" -> "on.heater.boiled"')).toContain('<FONT COLOR="#9a6700">after boiling</FONT>')
    expect(line('"off" [')).toContain('press [else] / beep, count</FONT><BR/><FONT POINT-SIZE="11">* / ignored')
    expect(line('"off" -> "off"')).toContain('[isAbove]')
  })

  it('ends arrows at the borders of composite states, and turns those that go back', () => {
    expect(line('"off" -> "start on.heater"')).toContain('lhead="cluster on"')
    expect(line('"off" -> "on.lamp"')).toMatch(/done.*dir="back", lhead="cluster on"/)
    expect(line('"off" -> "descaling.rinsing"')).toBe('"off" -> "descaling.rinsing" [dir="back"]')
    expect(line('"any " -> "broken"')).not.toContain('ltail')
  })

  it('tells regions, final states and those that stand for any by their borders', () => {
    const clusterStyle = (id: string): string => dot.split(`subgraph "cluster ${id}" {\n`)[1]!.split('\n')[0]!
    expect(clusterStyle('on')).not.toContain('dashed')
    expect(clusterStyle('on')).toContain('parallel')
    expect(clusterStyle('on.heater')).toContain('dashed')
    expect(line('"on.lamp" [')).toContain('dashed')
    expect(line('"off" [')).not.toContain('dashed')
    expect(line('"any on" [')).toContain('dashed')
    expect(line('"broken" [')).toContain('peripheries=2')
  })

  it('is laid out by Graphviz as it is meant', async () => {
    const boxes = boxesOf(await svgOf(dot))
    const box = (title: string): Box => boxes.get(title)!
    for (const [inner, outer] of [['on.heater.heating', 'cluster on.heater'], ['cluster on.heater', 'cluster on'], ['on.lamp', 'cluster on'], ['descaling.before', 'cluster descaling']]) {
      expect([inner, isInside(box(inner!), box(outer!))]).toEqual([inner, true])
    }
    expect(isInside(box('off'), box('cluster on'))).toBe(false)
    for (const [upper, lower] of [['start ', 'off'], ['off', 'cluster on'], ['on.heater.heating', 'on.heater.boiled'], ['descaling.soaking', 'descaling.rinsing']]) {
      expect([upper, box(upper!).bottom < box(lower!).top]).toEqual([upper, true])
    }
  })

  it('draws a machine that is parallel as a whole, and names that hold syntax', async () => {
    const svg = await svgOf(dotOf(createMachine({ id: 'lights', type: 'parallel', states: { 'a "b" <c> & d': {}, green: { initial: 'on', states: { on: {} } } } })))
    expect([...boxesOf(svg).keys()]).toEqual(expect.arrayContaining(['cluster ', 'cluster green', 'green.on']))
    expect(svg).toContain('a &quot;b&quot; &lt;c&gt; &amp; d</text>')
  })
})

describe('SVG of a DOT graph', () => {
  it('is the same bytes each time, says nothing of who drew it, and brings its background', async () => {
    const svg = await svgOf(dotOf(kettleMachine))
    expect(await svgOf(dotOf(kettleMachine))).toBe(svg)
    expect(svg).not.toMatch(/<!--|graphviz version/i)
    expect(svg).toContain('<polygon fill="#ffffff" stroke="none"')
    expect(svg).not.toContain('Courier')
  })

  it('fails with what Graphviz says, also where that is only a warning', async () => {
    await expect(svgOf('digraph {')).rejects.toThrow('Graphviz: syntax error')
    await expect(svgOf('digraph { a -> b [lhead="cluster none"]; graph [compound=true] }')).rejects.toThrow('Graphviz: cluster named cluster none not found')
  })
})

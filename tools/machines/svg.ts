import { instance } from '@viz-js/viz'

/** The first of these that a reader has; each is as wide as the Courier by which Graphviz measures. */
const FONTS = 'ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace'

/**
 * Lays out a graph in DOT. The same text gives the same bytes: Graphviz's comments, which hold its version, are left out.
 *
 * @throws Error with what Graphviz has to say, be it only a warning
 */
export async function svgOf (dot: string): Promise<string> {
  const viz = await instance()
  const { status, output, errors } = viz.render(dot, { format: 'svg', engine: 'dot' })
  if (status === 'failure' || errors.length > 0) throw new Error(`Graphviz: ${errors.map(({ message }) => message).join('; ')}`)
  return output.replaceAll(/<!--.*?-->\n?/gs, '').replaceAll('font-family="Courier,monospace"', `font-family="${FONTS}"`)
}

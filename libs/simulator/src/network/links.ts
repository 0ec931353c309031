/** Peers by name: one, or all of a side. */
export type Side = string | readonly string[]

/** Which peers can send to which. What is cut is lost in silence, as on a real network; nobody is told. */
export interface Links {
  /** Cuts both ways between the sides. Returns how to mend this cut; what another one cuts stays cut. */
  partition: (left: Side, right: Side) => () => void
  /** Cuts one way: what `from` sends does not reach `to`. Returns how to mend this cut. */
  cut: (from: Side, to: Side) => () => void
  /** Mends every cut. */
  heal: () => void
  open: (from: string, to: string) => boolean
}

export function createLinks (): Links {
  const cuts = new Set<{ from: ReadonlySet<string>, to: ReadonlySet<string> }>()

  const links: Links = {
    partition (left, right) {
      const mends = [links.cut(left, right), links.cut(right, left)]
      return () => { for (const mend of mends) mend() }
    },
    cut (from, to) {
      const cut = { from: new Set(names(from)), to: new Set(names(to)) }
      cuts.add(cut)
      return () => { cuts.delete(cut) }
    },
    heal () { cuts.clear() },
    open (from, to) {
      for (const cut of cuts) if (from !== to && cut.from.has(from) && cut.to.has(to)) return false
      return true
    }
  }
  return links
}

function names (side: Side): readonly string[] {
  return typeof side === 'string' ? [side] : side
}

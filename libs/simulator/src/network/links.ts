/** Peers by name: one, or all of a side. */
export type Side = string | readonly string[]

/** Which peers can send to which. What is cut is lost in silence, as on a real network; nobody is told. */
export interface Links {
  /** Cuts both ways between the sides. */
  partition: (left: Side, right: Side) => void
  /** Cuts one way: what `from` sends does not reach `to`. */
  cut: (from: Side, to: Side) => void
  /** Mends every cut. */
  heal: () => void
  open: (from: string, to: string) => boolean
}

export function createLinks (): Links {
  const cuts = new Map<string, Set<string>>()

  const links: Links = {
    partition (left, right) {
      links.cut(left, right)
      links.cut(right, left)
    },
    cut (from, to) {
      for (const sender of names(from)) {
        const lost = cuts.get(sender) ?? new Set()
        for (const receiver of names(to)) if (receiver !== sender) lost.add(receiver)
        cuts.set(sender, lost)
      }
    },
    heal () { cuts.clear() },
    open: (from, to) => cuts.get(from)?.has(to) !== true
  }
  return links
}

function names (side: Side): readonly string[] {
  return typeof side === 'string' ? [side] : side
}

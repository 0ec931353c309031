/** The blocks that one virtual peer holds. It outlives the peer's process, unless it is wiped. */
export interface Disk {
  get: (cid: string) => Uint8Array | undefined
  has: (cid: string) => boolean
  set: (cid: string, block: Uint8Array) => void
  delete: (cid: string) => void
  /** Roots that are kept, with all below them. */
  readonly pins: Set<string>
  wipe: () => void
}

export function createDisk (): Disk {
  const blocks = new Map<string, Uint8Array>()
  const pins = new Set<string>()
  return {
    get: cid => blocks.get(cid),
    has: cid => blocks.has(cid),
    set (cid, block) { blocks.set(cid, block) },
    delete (cid) { blocks.delete(cid) },
    pins,
    wipe () {
      blocks.clear()
      pins.clear()
    }
  }
}

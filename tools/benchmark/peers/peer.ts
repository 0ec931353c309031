/** Two processes of which one holds content and the other pulls it: what each way of moving bytes has to be able to do. */
export interface Peer {
  /** Serves the content until the process ends. */
  hold: (init: ContentInit) => Promise<Offer>
  /** Connects to the holder; the transfer is what `pull` of the answer takes. */
  reach: (offer: Offer, directory: string) => Promise<{ pull: () => Promise<number> }>
}

export interface ContentInit {
  /** A folder of this process alone. */
  directory: string
  /** A file that has the bytes of all runs. */
  path: string
  /** Of each run, as map tasks make them for one reducer. */
  runBytes: number
}

export interface Offer {
  /** A multiaddr that ends in `/p2p/PEER`. */
  address: string
  /** What there is to pull. */
  cids: string[]
  bytes: number
}

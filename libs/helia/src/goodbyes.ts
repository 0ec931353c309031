import type { Network } from '@ipfs-mapreduce/protocol'

/** How long the last messages of who stops may take: who does not hear them asks, or notices by a lease that runs out. */
const GOODBYE_MS = 2_000

/** A network whose requests under way can be waited for, at most GOODBYE_MS: its node stays connected when it is closed, so that peers have to be told. */
export function withGoodbyes (network: Network): { network: Network, goodbyesSaid: () => Promise<void> } {
  const underWay = new Set<Promise<unknown>>()
  return {
    network: {
      ...network,
      request: async (to, message, options) => {
        const answer = network.request(to, message, options)
        underWay.add(answer)
        try {
          return await answer
        } finally {
          underWay.delete(answer)
        }
      }
    },
    goodbyesSaid: async () => {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, GOODBYE_MS)
      await Promise.race([Promise.allSettled(underWay), late])
      clearTimeout(timer)
    }
  }
}

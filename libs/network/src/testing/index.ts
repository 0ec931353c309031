/** A DHT for tests. */
export { startDht } from './dht.ts'
export type { Dht, DhtServer } from './dht.ts'

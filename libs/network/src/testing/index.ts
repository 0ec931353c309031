/** A DHT for tests. */
export { startDht } from './dht.ts'
export type { Dht } from './dht.ts'

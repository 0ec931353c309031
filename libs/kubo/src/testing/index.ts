/** A real Kubo daemon for tests. */
export { builtIpfs, findIpfs, NO_IPFS } from './find-ipfs.ts'
export { startKubo } from './kubo.ts'
export type { Kubo, KuboOptions } from './kubo.ts'
export { KUBO_VERSION } from './version.ts'

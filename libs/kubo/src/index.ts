/**
 * A Kubo daemon beside this node, through its RPC (`kubo-rpc-client`).
 *
 * `connectDaemon({ url })` → `openStore(dataDir, { layers: [daemon.layer] })`: what the daemon holds is local. What jobs make on
 * their way stays in the node's own store; `daemon.keep` brings a result to the daemon and pins it there.
 */
export { apiUrlFault, parseApiUrl } from './api-url.ts'
export type { ApiAddress } from './api-url.ts'
export type { Block } from './car.ts'
export { connectDaemon } from './daemon.ts'
export type { Daemon, DaemonInit } from './daemon.ts'
export type { Log } from './log.ts'

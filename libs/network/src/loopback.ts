/** Whether only processes of this machine can reach a listener on this multiaddr. */
export function onLoopback (address: string): boolean {
  return /^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns[46]?\/localhost\//.test(address)
}

import type { Layer, OutsideInit } from '@ipfs-mapreduce/blocks'
import { apiUrlFault, connectDaemon } from '@ipfs-mapreduce/kubo'
import type { Daemon } from '@ipfs-mapreduce/kubo'
import { ipfsChoice, ipfsFault, openOutside } from '@ipfs-mapreduce/service'
import type { Closers, IpfsFlags, Log, OutsideParts } from '@ipfs-mapreduce/service'
import { UsageError } from '../errors.ts'

/** What commands read beside their repo. */
export interface IpfsNodes {
  daemon: Daemon | undefined
  layers: Layer[]
  outside: OutsideInit | undefined
}

/** Meets the IPFS nodes that a command was told of. `UNREACHABLE` where there is no such daemon. */
export async function meetIpfs (flags: IpfsFlags & { swarmKey?: string }, log: Log, closers: Closers, swarmKey?: OutsideParts['swarmKey']): Promise<IpfsNodes> {
  const fault = ipfsFault(flags)
  if (fault !== undefined) throw new UsageError(fault)
  const daemon = flags.ipfsApi === undefined ? undefined : await meetDaemon(flags.ipfsApi, log)
  const outside = await openOutside(ipfsChoice(flags), { log, closers, ...swarmKey !== undefined && { swarmKey } })
  return { daemon, layers: daemon === undefined ? [] : [daemon.layer], outside }
}

/** The daemon that `--ipfs-api` names. `UNREACHABLE` where there is none. */
export async function meetDaemon (url: string, log: Log): Promise<Daemon> {
  const fault = apiUrlFault(url)
  if (fault !== undefined) throw new UsageError(`--ipfs-api ${url}: ${fault}`)
  return await connectDaemon({ url, log })
}

/** Whether nodes are asked that do not lie on this machine. */
export function asksElsewhere ({ ipfsPeer, public: isPublic }: IpfsFlags): boolean {
  return ipfsPeer !== undefined || isPublic === true
}

/** The same for the services of a local cluster; it is this command that pins. */
export function serviceArgs ({ ipfsApi, ipfsPeer = [], public: isPublic, publicPeer = [], publicRouter = [] }: IpfsFlags): string[] {
  const each = (option: string, values: string[]): string[] => values.flatMap(value => [option, value])
  return [
    ...ipfsApi === undefined ? [] : ['--ipfs-api', ipfsApi], ...each('--ipfs-peer', ipfsPeer),
    ...isPublic === true ? ['--public'] : [], ...each('--public-peer', publicPeer), ...each('--public-router', publicRouter)
  ]
}

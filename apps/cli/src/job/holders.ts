import { askStatus } from '../client/ask.ts'
import type { MasterLink } from '../client/ask.ts'
import { providerOf } from '../client/client.ts'

/** Who may hold the input, where it is not here: the master and its mappers. */
export async function holdersOf (link: MasterLink, signal: AbortSignal): Promise<string[]> {
  const { workers } = await askStatus(link, undefined, signal)
  return [providerOf(link), ...workers.filter(({ role }) => role !== 'reducer').flatMap(({ addresses }) => addresses)]
}

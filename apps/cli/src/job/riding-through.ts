import type { MasterLink } from '../client/ask.ts'
import { SteadyMaster } from '../client/steady-master.ts'
import { formatDuration } from '../view/format.ts'
import type { RunContext } from './follow.ts'

/** A master whose absence a person is told of, once, where it is not this command's own. */
export function ridingThrough (link: MasterLink, reconnectMs: number, { signal, report, masterStays }: RunContext): SteadyMaster {
  if (!masterStays) return new SteadyMaster({ link, reconnectMs, signal })
  return new SteadyMaster({
    link,
    reconnectMs,
    signal,
    onLost: reason => { report.note(`lost the master at ${link.address} (${reason}), trying again for up to ${formatDuration(reconnectMs)}`) },
    onBack: () => { report.note(`the master at ${link.address} is back`) }
  })
}

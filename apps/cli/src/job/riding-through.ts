import type { MasterLink } from '../client/ask.ts'
import { SteadyMaster, tellingOf } from '../client/steady-master.ts'
import type { RunContext } from './follow.ts'

/** A master whose absence a person is told of, once, where it is not this command's own. */
export function ridingThrough (link: MasterLink, reconnectMs: number, { signal, report, masterStays }: RunContext): SteadyMaster {
  return new SteadyMaster({ link, reconnectMs, signal, ...masterStays && tellingOf(link.address, reconnectMs, text => { report.note(text) }) })
}

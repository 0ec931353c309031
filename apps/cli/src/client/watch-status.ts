import { setTimeout as pause } from 'node:timers/promises'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { createLogUpdate } from 'log-update'
import type { CommandContext } from '../commands/context.ts'
import { fitLine } from '../view/fit.ts'
import { GlanceTeller } from '../view/glance.ts'
import type { Glance } from '../view/glance.ts'
import { hasEnded } from '../view/progress.ts'
import { canRewrite, PLAIN_INTERVAL_MS, styleFor } from '../view/reporter.ts'
import type { MasterLink } from './ask.ts'
import { SteadyMaster, tellingOf, WATCH_PATIENCE_MS } from './steady-master.ts'

/** Between two looks at a master: its workers tell it how far they are once a second. */
const LOOK_MS = 1_000

export interface Watching<T> {
  /** Does no harm when it is asked twice. */
  ask: (link: MasterLink) => Promise<T>
  /** The page that a terminal shows. */
  page: (seen: T) => string
  /** The line that stands for it where nothing can be drawn in place. */
  glance: (seen: T) => Glance
  /** What of it a script is told; undefined where no script asks. */
  json?: (seen: T) => unknown
  /** Whether there is nothing more to see. */
  ended: (seen: T) => boolean
}

/**
 * Looks again and again until there is nothing more to see, or nobody wants to: on a terminal in place, elsewhere
 * a line after a change, and every few seconds at most; for a script a line of JSON after each change. A master that
 * goes away is waited for; rejects with `UNREACHABLE` where it does not come back.
 */
export async function watch<T> (link: MasterLink, { ask, ended, ...shown }: Watching<T>, context: CommandContext): Promise<void> {
  const { signal } = context.interrupt
  const { show, note, done } = display(shown, context)
  const master = new SteadyMaster({ link, reconnectMs: WATCH_PATIENCE_MS, signal, ...tellingOf(link.address, WATCH_PATIENCE_MS, note) })
  try {
    while (!signal.aborted) {
      const seen = await master.ask(ask, { patient: true })
      await show(seen)
      if (ended(seen)) return
      await pause(LOOK_MS, undefined, { signal }).catch(() => { signal.throwIfAborted() })
    }
  } catch (error) {
    // Ctrl-C is how a person ends watching.
    if (!signal.aborted) throw error
  } finally {
    done()
  }
}

interface Display<T> {
  show: (seen: T) => Promise<void>
  /** What is no part of what is seen. */
  note: (text: string) => void
  done: () => void
}

const onStderr = (text: string): void => { process.stderr.write(`ipmr: ${text}\n`) }

function display<T> (shown: Pick<Watching<T>, 'page' | 'glance' | 'json'>, context: CommandContext): Display<T> {
  const { page, glance, json } = shown
  if (json !== undefined) return { show: jsonTeller(json, context), note: onStderr, done: () => {} }
  if (canRewrite(process.stdout)) return pageInPlace(page)
  const teller = new GlanceTeller(PLAIN_INTERVAL_MS)
  return {
    show: async seen => {
      const glanced = glance(seen)
      if (teller.isWorthTelling(glanced, context.elapsed())) await context.print(`${glanced.text}\n`)
    },
    note: onStderr,
    done: () => {}
  }
}

function jsonTeller<T> (json: (seen: T) => unknown, { printLines }: CommandContext): Display<T>['show'] {
  let last = ''
  return async seen => {
    const value = json(seen)
    const text = JSON.stringify(value)
    if (text !== last) await printLines([value])
    last = text
  }
}

/** Redrawn where it stands, what is told beside it below. */
function pageInPlace<T> (page: (seen: T) => string): Display<T> {
  const update = createLogUpdate(process.stdout)
  let last = ''
  const draw = (text: string): void => {
    update(text.split('\n').map(line => fitLine([line], process.stdout.columns, styleFor(process.stdout))).join('\n'))
  }
  return {
    show: async seen => { draw(last = page(seen)) },
    note: text => { draw(`${last}\n\n${text}`) },
    done: () => { update.done() }
  }
}

export function jobEnded ({ state }: JobStatus): boolean {
  return hasEnded(state)
}

import { setTimeout as pause } from 'node:timers/promises'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { createLogUpdate } from 'log-update'
import type { CommandContext } from '../commands/context.ts'
import { fitLine } from '../view/fit.ts'
import { GlanceTeller } from '../view/glance.ts'
import type { Glance } from '../view/glance.ts'
import { hasEnded } from '../view/progress.ts'
import { canRewrite, PLAIN_INTERVAL_MS, styleFor } from '../view/reporter.ts'

/** Between two looks at a master: its workers tell it how far they are once a second. */
const LOOK_MS = 1_000

export interface Watching<T> {
  ask: () => Promise<T>
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
 * a line after a change, and every few seconds at most; for a script a line of JSON after each change.
 */
export async function watch<T> ({ ask, ended, ...shown }: Watching<T>, context: CommandContext): Promise<void> {
  const { signal } = context.interrupt
  const { show, done } = display(shown, context)
  try {
    while (!signal.aborted) {
      const seen = await ask()
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

interface Display<T> { show: (seen: T) => Promise<void>, done: () => void }

function display<T> ({ page, glance, json }: Pick<Watching<T>, 'page' | 'glance' | 'json'>, { print, printLines, elapsed }: CommandContext): Display<T> {
  if (json !== undefined) {
    let last = ''
    return {
      show: async seen => {
        const value = json(seen)
        const text = JSON.stringify(value)
        if (text !== last) await printLines([value])
        last = text
      },
      done: () => {}
    }
  }
  if (canRewrite(process.stdout)) {
    const update = createLogUpdate(process.stdout)
    return {
      show: async seen => { update(page(seen).split('\n').map(line => fitLine([line], process.stdout.columns, styleFor(process.stdout))).join('\n')) },
      done: () => { update.done() }
    }
  }
  const teller = new GlanceTeller(PLAIN_INTERVAL_MS)
  return {
    show: async seen => {
      const glanced = glance(seen)
      if (teller.isWorthTelling(glanced, elapsed())) await print(`${glanced.text}\n`)
    },
    done: () => {}
  }
}

export function jobEnded ({ state }: JobStatus): boolean {
  return hasEnded(state)
}

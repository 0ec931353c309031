import { JobView } from './job-view.ts'
import type { Watch } from './watch.ts'

/** Ended jobs of whose course all is kept; of others the status remains. */
export const MAX_ENDED_VIEWS = 32
/** Attempts of all ended jobs together that are kept, about 24 bytes each. */
export const MAX_ENDED_ATTEMPTS = 524_288

/** A window on a master: what goes on in its jobs, to be looked at. Looking changes nothing. */
export interface MasterWindow extends Watch {
  /** The course of a job; undefined where it is not known, or no more. */
  job: (id: string) => JobView | undefined
}

/** Hand it to a master as its component `watch`. Costs a few numbers for each attempt while nobody looks. */
export function createWindow ({ now }: { now: () => number }): MasterWindow {
  const open = new Map<string, JobView>()
  const ended = new Map<string, JobView>()
  const forget = (): void => {
    let attempts = 0
    for (const view of ended.values()) attempts += view.attempts.size
    for (const [id, view] of ended) {
      if (ended.size <= MAX_ENDED_VIEWS && (attempts <= MAX_ENDED_ATTEMPTS || ended.size === 1)) return
      attempts -= view.attempts.size
      ended.delete(id)
    }
  }
  return {
    job: id => open.get(id) ?? ended.get(id),
    jobOpened (job) {
      open.set(job.id, new JobView(job))
    },
    jobTicked: ({ id }) => { open.get(id)?.sample(now()) },
    jobEnded ({ id }) {
      const view = open.get(id)
      if (view === undefined) return
      view.close(now())
      open.delete(id)
      ended.set(id, view)
      forget()
    },
    attemptStarted (ref, started) {
      open.get(ref.job)?.started(ref, started, now())
    },
    attemptEnded (ref, told) {
      const view = open.get(ref.job)
      view?.ended(ref, told, now())
      view?.sample(now())
    }
  }
}

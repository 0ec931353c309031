import { encodeEntry, encodeTakenEntry, type JobEntry } from '../history.ts'
import { failureOf } from '../failure.ts'
import type { Failure } from '@ipfs-mapreduce/protocol'
import type { Journal } from '@ipfs-mapreduce/mapreduce'

export interface JobJournalInit {
  job: string
  /** Without one, everything is forgotten at once, and that is safe. */
  journal: Journal | undefined
  /** What cannot be written down must not be done. */
  onFailure: (failure: Failure) => void
}

/** The journal of one job. */
export class JobJournal {
  readonly #init: JobJournalInit
  /** While what is known already is applied again, what follows from it is known too. */
  muted = false
  /** Where workers were said to be, last. */
  readonly #workers = new Map<string, readonly string[]>()

  constructor (init: JobJournalInit) {
    this.#init = init
  }

  /** Resolves when the entry survives the end of the process; rejects, after `onFailure`, where it could not be written. */
  async write (entry: JobEntry): Promise<void> {
    const { job, journal, onFailure } = this.#init
    if (journal === undefined || this.#isKnown(entry)) return
    try {
      await journal.append(job, encodeTakenEntry(entry))
    } catch (error) {
      const { code, message } = failureOf(error)
      onFailure({ code, message: `the master could not write its journal: ${message}` })
      throw error
    }
  }

  /** Writes what nobody waits for; a failure has been told by `onFailure`. */
  note (entry: JobEntry): void {
    if (!this.muted) this.write(entry).catch(() => {})
  }

  /** The job has ended: nothing else is to be known of it. */
  async end (entry: Extract<JobEntry, { type: 'ended' }>): Promise<void> {
    await this.#init.journal?.replace(this.#init.job, [encodeEntry(entry)])
  }

  #isKnown (entry: JobEntry): boolean {
    if (entry.type !== 'worker') return false
    const { peer, addresses } = entry
    const said = this.#workers.get(peer)
    this.#workers.set(peer, addresses)
    return said === addresses || said?.join(' ') === addresses.join(' ')
  }
}

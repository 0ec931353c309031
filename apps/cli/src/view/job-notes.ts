import { MAP_SKIPPED_RECORDS, REDUCE_SKIPPED_GROUPS } from '@ipfs-mapreduce/mapreduce'
import type { JobStatus } from '@ipfs-mapreduce/protocol'
import { formatCount, plural, printable } from './format.ts'

/** Skipped records that are named in one line; `--json` and `ipmr status` name more. */
const SHOWN_SKIPPED = 5

/** What a person should know of a job that has ended, beside whether it succeeded: a line each. */
export function jobNotes (status: JobStatus): string[] {
  const backups = status.maps.backups + status.reduces.backups
  return [
    ...status.warnings.map(warning => `warning: ${printable(warning)}`),
    ...(skippedTotal(status) > 0 ? [skippedLine(status, SHOWN_SKIPPED)] : []),
    ...(backups > 0 ? [`${plural(backups, 'backup attempt')} of slow tasks`] : []),
    ...(status.blacklist.length > 0 ? [blacklistLine(status)] : [])
  ]
}

/** `3 records skipped: a.txt at byte 1234: TypeError: …; …`. */
export function skippedLine (status: JobStatus, shown: number): string {
  const total = skippedTotal(status)
  const named = status.skipped.slice(0, shown).map(({ file, offset, key, message }) =>
    file === undefined ? `key ${key ?? ''}: ${message}` : `${file} at byte ${offset ?? 0}: ${message}`)
  const more = total > named.length ? [`and ${formatCount(total - named.length)} more`] : []
  return printable(`${skippedWhat(status)} skipped: ${[...named, ...more].join('; ')}`)
}

/** Records and keys that were skipped. */
export function skippedTotal (status: JobStatus): number {
  const { records, keys } = skippedCounts(status)
  return records + keys
}

function skippedCounts ({ counters }: JobStatus): { records: number, keys: number } {
  return { records: counters[MAP_SKIPPED_RECORDS] ?? 0, keys: counters[REDUCE_SKIPPED_GROUPS] ?? 0 }
}

function skippedWhat (status: JobStatus): string {
  const { records, keys } = skippedCounts(status)
  return [...(records > 0 ? [plural(records, 'record')] : []), ...(keys > 0 ? [plural(keys, 'key')] : [])].join(' and ')
}

export function blacklistLine ({ blacklist }: JobStatus): string {
  return `${plural(blacklist.length, 'worker')} got no more of this job after failures: ${blacklist.join(', ')}`
}

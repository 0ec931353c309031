import type { Fetched, Files, Journal } from '@ipfs-mapreduce/mapreduce'
import { timed } from './clock.ts'
import { BUCKETS, type Maker } from './names.ts'

/** What a store holds; undefined while its blocks are being counted. */
export interface StoreUsage {
  bytes: number
  blocks: number
  /** What its blocks may take. */
  maxBytes: number
}

/** The store, and what comes and goes through the port to content. Returns how files are looked at. */
export function contentMetrics ({ counter, histogram, gauge }: Maker, usage: () => StoreUsage | undefined): (files: Files) => Files {
  gauge('store_bytes', 'Bytes of the blocks in the store; missing while they are counted.', () => usage()?.bytes)
  gauge('store_blocks', 'Blocks in the store, empty ones left out.', () => usage()?.blocks)
  gauge('store_max_bytes', 'Bytes that the blocks of the store may take.', () => usage()?.maxBytes)
  const took = histogram('files_operation_duration_seconds', 'How long content took to be fetched, pinned, stored or dropped, by outcome: ok, or the code of the failure.', BUCKETS.quick, ['operation', 'outcome'])
  const fetchedBytes = counter('fetched_bytes_total', 'Bytes of blocks that were fetched from other peers to be kept.')
  const fetchedBlocks = counter('fetched_blocks_total', 'Blocks that were fetched from other peers to be kept.')
  const storedBytes = counter('stored_bytes_total', 'Bytes of files that were made here and stored: runs and outputs.')
  const tell = (operation: string) => (outcome: string, seconds: number): void => { took.observe({ operation, outcome }, seconds) }
  const moving = async (operation: string, move: () => Promise<Fetched>): Promise<Fetched> => {
    const fetched = await timed(move, tell(operation))
    fetchedBytes.inc(fetched.bytes)
    fetchedBlocks.inc(fetched.blocks)
    return fetched
  }
  return files => ({
    walk: (root, options) => files.walk(root, options),
    leaves: (file, options) => files.leaves(file, options),
    read: (file, options) => files.read(file, options),
    has: cids => files.has(cids),
    fetch: (file, options) => moving('fetch', () => files.fetch(file, options)),
    put: async content => {
      const put = await timed(() => files.put(content), tell('put'))
      storedBytes.inc(put.bytes)
      return put
    },
    directory: entries => files.directory(entries),
    putRecord: value => files.putRecord(value),
    getRecord: (cid, options) => files.getRecord(cid, options),
    pin: (root, options) => moving('pin', () => files.pin(root, options)),
    unpin: root => timed(() => files.unpin(root), tell('unpin')),
    remove: file => timed(() => files.remove(file), tell('remove'))
  })
}

/** Decisions that a master writes down. Returns how a journal is looked at. */
export function journalMetrics ({ histogram }: Maker): (journal: Journal) => Journal {
  const took = histogram('journal_write_duration_seconds', 'How long it took until a decision was on the disk, by operation and outcome: ok, or the code of the failure.', BUCKETS.quick, ['operation', 'outcome'])
  const write = (operation: string, work: () => Promise<void>): Promise<void> => timed(work, (outcome, seconds) => { took.observe({ operation, outcome }, seconds) })
  return journal => ({
    append: (job, entry) => write('append', () => journal.append(job, entry)),
    replace: (job, entries) => write('replace', () => journal.replace(job, entries)),
    remove: job => write('remove', () => journal.remove(job)),
    load: () => journal.load(),
    close: () => journal.close()
  })
}

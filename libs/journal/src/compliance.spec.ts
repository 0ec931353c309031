import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { journalCompliance } from '@ipfs-mapreduce/mapreduce/compliance'
import { fileJournal } from './file-journal.ts'

for (const sync of [true, false]) {
  journalCompliance(sync ? 'a directory' : 'a directory that is not synchronised', async () => {
    const home = await mkdtemp(join(tmpdir(), 'ipmr-journal-'))
    const dir = join(home, 'journal')
    const away = join(home, 'away')
    return {
      start: () => fileJournal({ dir, sync }),
      setWritable: writable => writable ? rename(away, dir) : rename(dir, away),
      teardown: () => rm(home, { recursive: true })
    }
  })
}

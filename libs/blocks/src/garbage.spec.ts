import { expect, it } from '@jest/globals'
import { createFiles } from './files.ts'
import { collectGarbage } from './garbage.ts'
import { MEMORY, openStore } from './store.ts'

it('removes what no pin keeps, and what is no longer to be kept', async () => {
  const store = await openStore(MEMORY)
  const files = await createFiles({ store })
  const put = async (text: string): Promise<string> => (await files.put([new TextEncoder().encode(text)])).cid
  const [kept, loose, dropped] = [await put('kept'), await put('loose'), await put('dropped')]
  const directory = await files.directory([{ name: 'kept', cid: kept, bytes: 4 }])
  await files.pin(directory)
  await files.pin(dropped)
  expect(await collectGarbage(store, { dryRun: true })).toEqual({ blocks: 1, bytes: 5, kept: 3, released: [] })
  expect(await files.has([kept, directory, loose, dropped])).toEqual([true, true, true, true])
  expect(await collectGarbage(store)).toEqual({ blocks: 1, bytes: 5, kept: 3, released: [] })
  expect(await files.has([kept, directory, loose, dropped])).toEqual([true, true, false, true])
  expect(await collectGarbage(store, { unpin: [dropped, loose], dryRun: true })).toEqual({ blocks: 1, bytes: 7, kept: 2, released: [dropped] })
  expect(await files.has([dropped])).toEqual([true])
  expect(await collectGarbage(store, { unpin: [dropped, loose] })).toEqual({ blocks: 1, bytes: 7, kept: 2, released: [dropped] })
  expect(await files.has([kept, directory, dropped])).toEqual([true, true, false])
  await files.stop()
})

import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = /^sandbox-(\d+)-/

/** Roots of this process: another one may have had its id before, as in a container. */
const own = new Set<string>()

function alive (pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: there is one, of another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Removes what sandboxes left behind whose process was killed. */
async function sweep (directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(NAME.exec(name)?.[1] ?? NaN)
    const path = join(directory, name)
    if (Number.isNaN(pid) || own.has(path) || (pid !== process.pid && alive(pid))) continue
    await rm(path, { recursive: true, force: true })
  }
}

/** Makes a new directory of one sandbox below the scratch directory, which is made too. Its path has no symbolic links. */
export async function makeScratchRoot (scratchDir: string): Promise<string> {
  await mkdir(scratchDir, { recursive: true })
  const directory = await realpath(scratchDir)
  await sweep(directory)
  const root = await mkdtemp(join(directory, `sandbox-${process.pid}-`))
  own.add(root)
  return root
}

export async function removeScratchRoot (root: string): Promise<void> {
  await rm(root, { recursive: true, force: true })
  own.delete(root)
}

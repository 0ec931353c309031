import { isolatedVmAddon } from './isolated-vm.ts'

/** The walls around a program: its isolate, and the permissions of its process. */
export interface Walls {
  /** The file of isolated-vm's native code; undefined where programs have no isolate of their own. */
  addon: string | undefined
  /** Whether the process has Node's permission model. */
  permissions: boolean
  /** What this system cannot enforce, and why; empty where all walls stand. */
  missing: string[]
}

/** Which walls this system has. */
export function findWalls (): Walls {
  const missing: string[] = []
  let addon: string | undefined
  try {
    addon = isolatedVmAddon()
  } catch (error) {
    missing.push(noIsolate((error as Error).message))
  }
  const permissions = process.allowedNodeEnvironmentFlags.has('--permission')
  if (!permissions) missing.push(`a process with few permissions: Node ${process.versions.node} has no permission model`)
  return { addon, permissions, missing }
}

/** The walls without the isolate, which was found and could not be used. */
export function withoutIsolate ({ permissions, missing }: Walls, why: string): Walls {
  return { addon: undefined, permissions, missing: [noIsolate(why), ...missing] }
}

function noIsolate (why: string): string {
  return `an isolate of its own: isolated-vm cannot be loaded: ${why.split('\n')[0]}`
}

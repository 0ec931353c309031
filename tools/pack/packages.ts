import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'

/** A package of the workspace as its package.json has it. */
export interface Manifest {
  name: string
  version: string
  private?: boolean
  dependencies?: Record<string, string>
}

/** A package that is published. */
export interface PublicPackage {
  manifest: Manifest
  /** Absolute path of its folder. */
  folder: string
}

const SCOPE = '@ipfs-mapreduce/'

export function readManifest (folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** The libraries that are not private. */
export function publicPackages (root: string): PublicPackage[] {
  return readdirSync(join(root, 'libs'))
    .map(name => join(root, 'libs', name))
    .filter(folder => existsSync(join(folder, 'package.json')))
    .map(folder => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
}

/** What would keep people from using them: a dependency that is private, or no README. */
export function packageFaults (packages: PublicPackage[]): string[] {
  const names = new Set(packages.map(({ manifest }) => manifest.name))
  return packages.flatMap(({ manifest: { name, dependencies = {} }, folder }) => [
    ...Object.keys(dependencies).filter(dependency => dependency.startsWith(SCOPE) && !names.has(dependency)).map(dependency => `${name} is public and needs ${dependency}, which is private`),
    ...existsSync(join(folder, 'README.md')) ? [] : [`${name} is public and has no README.md`]
  ])
}

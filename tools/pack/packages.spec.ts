import { expect, it } from '@jest/globals'
import { fileURLToPath } from 'node:url'
import { packageFaults, publicPackages } from './packages.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

it('public packages need public ones alone, and each has a README', () => {
  const packages = publicPackages(ROOT)
  expect(packages.map(({ manifest }) => manifest.name)).toContain('@ipfs-mapreduce/helia')
  expect(packageFaults(packages)).toEqual([])
})

it('a package that needs a private one, or has no README, is told of', () => {
  expect(packageFaults([{ folder: '/nowhere', manifest: { name: '@ipfs-mapreduce/x', version: '1.0.0', dependencies: { '@ipfs-mapreduce/y': '1.0.0', esbuild: '1' } } }])).toEqual([
    '@ipfs-mapreduce/x is public and needs @ipfs-mapreduce/y, which is private', '@ipfs-mapreduce/x is public and has no README.md'
  ])
})

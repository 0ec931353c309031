import { fileURLToPath } from 'node:url'

export default {
  testEnvironment: fileURLToPath(new URL('./tools/jest/environment.mjs', import.meta.url)),
  testEnvironmentOptions: { customExportConditions: ['@ipfs-mapreduce/source', 'node', 'node-addons'] },
  testMatch: ['**/src/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transform: { '\\.ts$': fileURLToPath(new URL('./tools/jest/strip-types.mjs', import.meta.url)) },
  transformIgnorePatterns: ['/node_modules/'],
  // One worker at a time per project: Nx runs projects side by side.
  maxWorkers: 1,
  // Jest's five seconds are too short for whole simulated jobs where the machine has other work; what hangs still ends.
  testTimeout: 60_000
}

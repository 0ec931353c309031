import preset from '../../jest.preset.js'

export default {
  ...preset,
  // Nx begins with the projects that others build on, so this suite, the longest, is the last, and alone for half of its time.
  maxWorkers: 2,
  roots: ['<rootDir>/..'],
  testMatch: ['**/*.spec.mjs', '**/*.spec.ts']
}

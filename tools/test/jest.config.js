import preset from '../../jest.preset.js'

export default {
  ...preset,
  // The longest suite: it runs from the beginning of all others to their end.
  maxWorkers: 2,
  roots: ['<rootDir>/..'],
  testMatch: ['**/*.spec.mjs', '**/*.spec.ts']
}

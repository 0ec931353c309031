import preset from '../../jest.preset.js'

export default {
  ...preset,
  roots: ['<rootDir>/..'],
  testMatch: ['**/*.spec.mjs', '**/*.spec.ts']
}

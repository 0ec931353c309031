import preset from '../../jest.preset.js'

export default {
  ...preset,
  roots: ['<rootDir>', '<rootDir>/../build'],
  testMatch: ['**/*.spec.mjs'],
  moduleFileExtensions: ['mjs', 'js', 'json']
}

import nx from '@nx/eslint-plugin'
import tseslint from 'typescript-eslint'

/** Who may import whom: the arrows of ARCHITECTURE.md, one tag per project. */
const arrows = {
  'lib:mapreduce': [],
  'lib:programs': ['lib:mapreduce'],
  'lib:protocol': ['lib:mapreduce'],
  'lib:blocks': ['lib:mapreduce'],
  'lib:sandbox': ['lib:mapreduce'],
  'lib:kubo': ['lib:blocks', 'lib:mapreduce'],
  'lib:network': ['lib:protocol', 'lib:mapreduce'],
  'lib:state-machines': ['lib:protocol', 'lib:mapreduce'],
  'lib:actors': ['lib:state-machines', 'lib:protocol', 'lib:mapreduce'],
  'lib:journal': ['lib:mapreduce'],
  'lib:helia': ['lib:actors', 'lib:blocks', 'lib:network', 'lib:sandbox', 'lib:programs', 'lib:protocol', 'lib:mapreduce'],
  'lib:observe': ['lib:actors', 'lib:state-machines', 'lib:protocol', 'lib:mapreduce'],
  'lib:dashboard': ['lib:observe', 'lib:actors', 'lib:state-machines', 'lib:protocol', 'lib:mapreduce'],
  'lib:faults': ['lib:actors', 'lib:protocol', 'lib:mapreduce'],
  'lib:simulator': ['lib:faults', 'lib:actors', 'lib:state-machines', 'lib:programs', 'lib:protocol', 'lib:mapreduce'],
  'lib:service': ['lib:actors', 'lib:observe', 'lib:faults', 'lib:journal', 'lib:kubo', 'lib:blocks', 'lib:network', 'lib:protocol', 'lib:mapreduce'],
  'app:master': ['lib:service', 'lib:dashboard', 'lib:faults', 'lib:journal', 'lib:actors', 'lib:blocks', 'lib:network', 'lib:protocol', 'lib:mapreduce'],
  'app:mapper': ['lib:service', 'lib:faults', 'lib:actors', 'lib:blocks', 'lib:network', 'lib:sandbox', 'lib:protocol', 'lib:mapreduce'],
  'app:reducer': ['lib:service', 'lib:faults', 'lib:actors', 'lib:blocks', 'lib:network', 'lib:sandbox', 'lib:protocol', 'lib:mapreduce'],
  'app:cli': ['lib:service', 'lib:dashboard', 'lib:kubo', 'lib:blocks', 'lib:network', 'lib:sandbox', 'lib:programs', 'lib:protocol', 'lib:mapreduce']
}

/** Rooms that are handed time, chance and ids, and know no I/O. */
const pure = ['mapreduce', 'programs', 'protocol', 'state-machines', 'actors', 'faults', 'simulator'].map(lib => `libs/${lib}/src/**/*.ts`)

export default tseslint.config(
  { ignores: ['**/dist/**', '**/test-results/**', '**/pb/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', {
        enforceBuildableLibDependency: false,
        allow: [],
        depConstraints: Object.entries(arrows).map(([sourceTag, onlyDependOnLibsWithTags]) => ({ sourceTag, onlyDependOnLibsWithTags }))
      }],
      '@typescript-eslint/array-type': ['error', { default: 'array-simple' }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': ['error', {
        selector: "CallExpression[callee.property.name='skip'][callee.object.name=/^(it|test|describe)$/]",
        message: 'A skipped test prints its reason: use the reasoned skip of the suite.'
      }]
    }
  },
  {
    files: pure,
    ignores: ['**/*.spec.ts', '**/compliance/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['node:*', 'libp2p', '@libp2p/*', 'helia', '@helia/*'], message: 'This room knows no I/O; use a port.' }] }],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'performance', 'process', 'Buffer'],
      'no-restricted-properties': ['error',
        { object: 'Date', property: 'now', message: 'Time is handed in.' },
        { object: 'Math', property: 'random', message: 'Chance is handed in.' },
        { object: 'crypto', property: 'randomUUID', message: 'Ids are handed in.' }]
    }
  }
)

// Writes the API's pages into out/api: `npm run docs`. Fails on any warning, as where a public symbol says nothing of itself.
// With --check it writes nothing.
import { fileURLToPath } from 'node:url'
import { Application, ReflectionKind } from 'typedoc'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Public libraries, those first that most people come for. */
const LIBRARIES = ['helia', 'mapreduce', 'actors', 'blocks', 'network', 'sandbox', 'protocol', 'state-machines']
/** What is inferred of a machine's type from its definition fills pages, and is drawn in its README. */
const MACHINE = /^[a-z]\w*Machine$/

const app = await Application.bootstrap({
  name: 'IPFS MapReduce',
  entryPoints: LIBRARIES.map(name => `${ROOT}libs/${name}/src/index.ts`),
  tsconfig: `${ROOT}tools/docs/tsconfig.json`,
  readme: 'none',
  // `npm run typecheck` does it.
  skipErrorChecking: true,
  excludePrivate: true,
  excludeExternals: true,
  packagesRequiringDocumentation: LIBRARIES.map(name => `@ipfs-mapreduce/${name}`),
  requiredToBeDocumented: ['Function', 'Class', 'Interface', 'TypeAlias', 'Variable', 'Enum'],
  validation: { notExported: true, invalidLink: true, notDocumented: true }
})
const project = await app.convert()
if (project !== undefined) {
  for (const variable of project.getReflectionsByKind(ReflectionKind.Variable)) {
    if (MACHINE.test(variable.name) && variable.type?.type === 'reference') variable.type.typeArguments = undefined
  }
  for (const type of project.getReflectionsByKind(ReflectionKind.TypeLiteral)) {
    if (type.parent?.kindOf(ReflectionKind.Variable) === true && MACHINE.test(type.parent.name)) project.removeReflection(type)
  }
  app.validate(project)
  if (!process.argv.includes('--check')) await app.generateDocs(project, `${ROOT}out/api`)
}
if (project === undefined || app.logger.hasErrors() || app.logger.hasWarnings()) {
  process.stderr.write(`FAILED: ${app.logger.errorCount} errors, ${app.logger.warningCount} warnings\n`)
  process.exitCode = 1
}

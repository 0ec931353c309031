import { createRequire } from 'node:module'
import { TestEnvironment } from 'jest-environment-node'

/** The one object that jest's environment takes `createContext` from; a module's namespace could not be changed. */
const vm = createRequire(import.meta.url)('node:vm')

/**
 * Jest's environment of Node, in a context whose global object is an ordinary one. Jest's own is a proxy behind interceptors:
 * each use of a name such as `Math` or `Promise` in a test, or in what it tests, goes through both, and takes a fifth of the
 * time of a simulated cluster.
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor (config, context) {
    const { createContext } = vm
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY)
    try {
      super(config, context)
    } finally {
      vm.createContext = createContext
    }
  }
}

/**
 * Freezes the language's own objects in the engine's realm, and `handed` with all that they lead to. A program reaches them
 * through the functions and objects that it is given, as `emit.constructor.prototype`, and the engine outlives its attempt:
 * what it could change would be another attempt's. (Agoric's SES calls this hardening.)
 */
export function harden (...handed: unknown[]): void {
  forgetMatches()
  const seen = new Set<unknown>()
  const queue: unknown[] = [globalThis, ...hidden(), ...handed]
  while (queue.length > 0) {
    const thing = queue.pop()
    if ((typeof thing !== 'object' && typeof thing !== 'function') || thing === null || seen.has(thing)) continue
    seen.add(thing)
    queue.push(Object.getPrototypeOf(thing))
    for (const name of Reflect.ownKeys(thing)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(thing, name)!
      queue.push(value, get, set)
    }
    Object.freeze(thing)
  }
}

/** What no name leads to, but syntax does (ECMA-262 6.1.7.4). */
function hidden (): unknown[] {
  const iterators = [[][Symbol.iterator](), ''[Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](), ''.matchAll(/./g)]
  const wrapped = Iterator.from(foreignIterator)
  const segments = new Intl.Segmenter().segment('')
  const functions = [function * () {}, async function () {}, async function * () {}]
  return [...iterators, wrapped, wrapped.map(String), segments, segments[Symbol.iterator](), ...functions].map(thing => Object.getPrototypeOf(thing) as unknown)
}

/** What of `Iterator` is used here: TypeScript's libraries for the language leave it out. */
const { Iterator } = globalThis as unknown as { Iterator: { from: (iterator: object) => { map: (mapper: (value: unknown) => unknown) => object } } }

/** An iterator that does not inherit from `Iterator`, and so is wrapped. */
const foreignIterator = { next: () => ({ done: true as const, value: undefined }) }

/** `RegExp.lastMatch` and its like (ECMA-262 legacy): what they remember, freezing leaves. */
function forgetMatches (): void {
  for (const name of Object.getOwnPropertyNames(RegExp)) {
    const { get } = Object.getOwnPropertyDescriptor(RegExp, name)!
    if (get !== undefined) Reflect.deleteProperty(RegExp, name)
  }
}

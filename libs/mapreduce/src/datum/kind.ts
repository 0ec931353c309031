/** Tests of kind that hold for objects of another realm too: a program may run in a context of its own. */

const typeName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)!.get!

export function isBytes (thing: unknown): thing is Uint8Array {
  return ArrayBuffer.isView(thing) && typeName.call(thing) === 'Uint8Array'
}

/** An object of no class: `{}`, `Object.create(null)`, what JSON.parse makes. */
export function isPlainObject (thing: object): thing is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(thing)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** Tests of kind that hold for objects of another realm too: a program may run in a context of its own. */

const typedArray: unknown = Object.getPrototypeOf(Uint8Array.prototype)
const typeName = Object.getOwnPropertyDescriptor(typedArray, Symbol.toStringTag)!.get!
const trueLength = Object.getOwnPropertyDescriptor(typedArray, 'length')!.get!

export function isBytes (thing: unknown): thing is Uint8Array {
  return ArrayBuffer.isView(thing) && typeName.call(thing) === 'Uint8Array'
}

/** How many bytes there are, whatever a property of the array's own says. */
export function lengthOf (bytes: Uint8Array): number {
  return trueLength.call(bytes) as number
}

/** An object of no class: `{}`, `Object.create(null)`, what JSON.parse makes. */
export function isPlainObject (thing: object): thing is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(thing)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

import type { EventObject } from 'xstate'

/** What a step wants done when it is over, in its order. */
export type Effect =
  | { type: 'emit', command: EventObject }
  | { type: 'after', id: string, delayMs: number, event: EventObject }
  | { type: 'cancel', id: string }

/** Where a machine is between two actions of a step. */
export interface Situation {
  context: object
  event: EventObject
  readonly effects: Effect[]
  /** Events that the machine itself raises, to be taken in the same step. */
  readonly raised: EventObject[]
}

interface Args {
  context: object
  event: EventObject
}

type Expression<T> = T | ((args: Args, params: unknown) => T)

/** XState's own actions, as `assign`, `emit`, `enqueueActions`, `raise` and `cancel` make them. */
export type BuiltIn =
  | { type: 'xstate.assign', assignment: ((args: Args, params: unknown) => object) | Record<string, unknown> }
  | { type: 'xstate.emit', event: Expression<EventObject> }
  | { type: 'xstate.enqueueActions', collect: (args: Args & { enqueue: Enqueue }, params: unknown) => void }
  | { type: 'xstate.raise', event: Expression<EventObject>, id: string, delay?: Expression<number> }
  | { type: 'xstate.cancel', sendId: string, effect: Effect }

interface Enqueue {
  assign: (assignment: Extract<BuiltIn, { type: 'xstate.assign' }>['assignment']) => void
  emit: (event: Expression<EventObject>) => void
}

/** An action of a step, with what it is given. */
export interface Operation {
  action: BuiltIn
  params: Expression<unknown>
}

const KNOWN = new Set(['xstate.assign', 'xstate.emit', 'xstate.enqueueActions', 'xstate.raise', 'xstate.cancel'])

interface Implementations {
  actions: Record<string, unknown>
  delays: Record<string, unknown>
}

/** The operation of an action as a machine declares it. Throws `TypeError` where it is none of XState's own: machines have no effects but what they emit. */
export function operationOf (declared: unknown, { actions, delays }: Implementations): Operation {
  const named = typeof declared === 'string' ? { type: declared } : typeof declared === 'object' ? declared as { type: string, params?: unknown } : undefined
  const action = (named === undefined ? declared : actions[named.type]) as BuiltIn | undefined
  if (action === undefined || !KNOWN.has(action.type)) throw new TypeError(`a machine's action ${named?.type ?? String(declared)} is none that is known here`)
  const params = named !== undefined && 'params' in named ? named.params : undefined
  if (action.type === 'xstate.cancel') return { action: { type: action.type, sendId: action.sendId, effect: { type: 'cancel', id: action.sendId } }, params }
  if (action.type !== 'xstate.raise') return { action, params }
  const { type, event, id, delay } = action
  const delayMs = (typeof delay === 'string' ? delays[delay] : delay) as Expression<number>
  return { action: { type, event, id, ...delayMs !== undefined && { delay: delayMs } }, params }
}

export function perform ({ action, params }: Operation, situation: Situation): void {
  const { context, event } = situation
  act(action, typeof params === 'function' ? (params as (args: Args) => unknown)({ context, event }) : params, situation)
}

function act (action: BuiltIn, params: unknown, situation: Situation): void {
  const { context, event, effects } = situation
  switch (action.type) {
    case 'xstate.assign': assign(action.assignment, params, situation); break
    case 'xstate.emit': effects.push({ type: 'emit', command: evaluate(action.event, { context, event }, params) }); break
    case 'xstate.cancel': effects.push(action.effect); break
    case 'xstate.raise': {
      const { id, delay } = action
      const raised = evaluate(action.event, { context, event }, params)
      if (delay === undefined) situation.raised.push(raised)
      else effects.push({ type: 'after', id, delayMs: evaluate(delay, { context, event }, params), event: raised })
      break
    }
    case 'xstate.enqueueActions': {
      const queued: BuiltIn[] = []
      const enqueue: Enqueue = {
        assign: assignment => { queued.push({ type: 'xstate.assign', assignment }) },
        emit: emitted => { queued.push({ type: 'xstate.emit', event: emitted }) }
      }
      action.collect({ context, event, enqueue }, params)
      for (const one of queued) act(one, undefined, situation)
      break
    }
  }
}

function assign (assignment: Extract<BuiltIn, { type: 'xstate.assign' }>['assignment'], params: unknown, situation: Situation): void {
  const { context, event } = situation
  if (typeof assignment === 'function') {
    situation.context = { ...context, ...assignment({ context, event }, params) }
    return
  }
  const update: Record<string, unknown> = {}
  for (const name of Object.keys(assignment)) update[name] = evaluate(assignment[name] as Expression<unknown>, { context, event }, params)
  situation.context = { ...context, ...update }
}

function evaluate<T> (expression: Expression<T>, args: Args, params: unknown): T {
  return typeof expression === 'function' ? (expression as (args: Args, params: unknown) => T)(args, params) : expression
}

import type { Components } from '@ipfs-mapreduce/actors'
import { jobStateName, type AttemptContext, type JobContext, type TaskContext, type WorkerContext } from '@ipfs-mapreduce/state-machines'

interface Between {
  /** The same for all steps of one machine's life. */
  actor: object
  /** The outermost states; `from` is undefined for a machine that begins. */
  from: string | undefined
  to: string
  /** Whether the machine has ended with it. */
  done: boolean
}

/** A machine has gone from one of its outermost states to another; the job's are those that a person is shown. */
export type Step = Between & (
  | { machine: 'job', context: JobContext }
  | { machine: 'task', context: TaskContext }
  | { machine: 'attempt', context: AttemptContext }
  | { machine: 'worker', context: WorkerContext }
  | { machine: 'master', context: object }
)

type Inspect = NonNullable<Components['inspect']>

/** Makes steps of what machines report. What does not lead to another state is none, and no more is remembered of a machine than its state. */
export function stepsOf (listener: (step: Step) => void): Inspect {
  const states = new WeakMap<object, string>()
  return ({ machine, actor, value, context, isDone }) => {
    const from = states.get(actor)
    const to = machine === 'job' ? jobStateName(value) : outermost(value)
    if (to === from) return
    states.set(actor, to)
    listener({ machine, actor, from, to, context, done: isDone } as Step)
  }
}

function outermost (value: unknown): string {
  return typeof value === 'string' ? value : Object.keys(value as object)[0]!
}

import type { Announcement, AttemptRef, Message } from '@ipfs-mapreduce/protocol'
import type { Cargo, Delivery, DeliveryListener } from './delivery.ts'

/** A transcript of what travelled. The same seed gives the same one. */
export interface Trace {
  /** One line each: virtual milliseconds, sender, receiver, what: `1203 master -> m2 attemptAssigned map 3#1`. */
  lines: () => readonly string[]
}

export interface TraceInit {
  /** Which deliveries to note; all of them by default. */
  only?: (delivery: Delivery) => boolean
}

export function createTrace (network: { onDelivery: (listener: DeliveryListener) => () => void }, { only = () => true }: TraceInit = {}): Trace {
  const lines: string[] = []
  network.onDelivery(delivery => { if (only(delivery)) lines.push(formatDelivery(delivery)) })
  return { lines: () => lines }
}

/** `-x` marks what was lost, and its end says why. */
export function formatDelivery ({ atMs, from, to, cargo, lost, damaged }: Delivery): string {
  const fate = lost ?? (damaged === true ? 'damaged' : undefined)
  return `${atMs} ${from} ${lost === undefined ? '->' : '-x'} ${to} ${formatCargo(cargo)}${fate === undefined ? '' : ` (${fate})`}`
}

function formatCargo (cargo: Cargo): string {
  switch (cargo.kind) {
    case 'request': return formatMessage(cargo.message)
    case 'answer': return `${formatMessage(cargo.message)} of ${formatMessage(cargo.request)}`
    case 'gossip': return `~${cargo.topic} ${formatMessage(cargo.message)}`
    case 'block': return `block ${cargo.cid} ${cargo.bytes} B`
  }
}

/** The type of a message and what it is about. */
export function formatMessage (message: Message | Announcement): string {
  const about = subject(message)
  return about === '' ? message.type : `${message.type} ${about}`
}

function subject (message: Message | Announcement): string {
  switch (message.type) {
    case 'join': return `${message.role} ${message.slots} slots`
    case 'heartbeat': return `${message.role} ${message.running.map(({ ref, state }) => `${attempt(ref)} ${state}`).join(', ')}`.trimEnd()
    case 'attemptFailed': return `${attempt(message.ref)} ${message.failure.code}`
    case 'runLost': return `${attempt(message.ref)} map ${message.mapTask}`
    case 'runsCommitted': return `${attempt(message.ref)} maps ${[...message.runs.map(({ run }) => run.mapTask), ...message.empty].sort((a, b) => a - b).join(' ')}`
    case 'refusal': return message.code
    case 'jobEnded': case 'job': return `${message.job} ${message.state}`
    default:
      if ('ref' in message) return attempt(message.ref)
      return 'job' in message ? message.job ?? '' : ''
  }
}

/** `map 3#1`: the first attempt at map task 3. */
function attempt ({ kind, task, attempt: number }: AttemptRef): string {
  return `${kind} ${task}#${number}`
}

import type { Announcement, Message } from '@ipfs-mapreduce/protocol'

/** Each message of a stream: asked, or answered. */
const STREAM: Record<Message['type'], 'request' | 'answer'> = {
  join: 'request',
  leave: 'request',
  attemptCompleted: 'request',
  attemptFailed: 'request',
  slotYielded: 'request',
  runLost: 'request',
  attemptAssigned: 'request',
  runsCommitted: 'request',
  attemptAborted: 'request',
  jobEnded: 'request',
  blocksQuery: 'request',
  submitJob: 'request',
  resumeJob: 'request',
  cancelJob: 'request',
  statusQuery: 'request',
  courseQuery: 'request',
  welcome: 'answer',
  ack: 'answer',
  refusal: 'answer',
  blocksHeld: 'answer',
  jobAccepted: 'answer',
  status: 'answer',
  course: 'answer'
}
const GOSSIP: Record<Announcement['type'], 'gossip'> = { heartbeat: 'gossip', masterAdvert: 'gossip', job: 'gossip' }
const REPORTS: readonly string[] = ['attemptCompleted', 'attemptFailed'] satisfies Array<Message['type']>

const answers = Object.entries(STREAM).filter(([, way]) => way === 'answer').map(([type]) => type)
const requests = Object.entries(STREAM).filter(([, way]) => way === 'request').map(([type]) => type)

/** Targets that are asked or announced: groups, then types. */
export const SENT_TARGETS: readonly string[] = ['gossip', 'request', 'report', ...Object.keys(GOSSIP), ...requests]
/** Targets that are answers. */
export const ANSWER_TARGETS: readonly string[] = ['answer', ...answers]
export const MESSAGE_TARGETS: readonly string[] = [...SENT_TARGETS, ...ANSWER_TARGETS]

/** What a message is as a target: its type, and its groups. */
export function targetsOf ({ type }: Message | Announcement): readonly string[] {
  const group: string = type in GOSSIP ? 'gossip' : STREAM[type as Message['type']]
  return REPORTS.includes(type) ? [type, group, 'report'] : [type, group]
}

import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import type { Course, CoursePlace, JobStatus, Message, Network, ResumeJob, Status, SubmitJob, WorkerStatus } from '@ipfs-mapreduce/protocol'

/** A master that this client has reached. */
export interface MasterLink {
  network: Network
  /** The master's peer id. */
  peer: string
  /** Its address as it was dialled, for messages. */
  address: string
}

/** One question to the master, its answer of the type that belongs to it. */
async function ask<T extends Message['type']> ({ network, peer, address }: MasterLink, question: Message, type: T, signal?: AbortSignal): Promise<Extract<Message, { type: T }>> {
  const answer = await network.request(peer, question, { signal })
  if (answer.type !== type) throw new MapReduceError('REFUSED', `the peer at ${address} answered ${question.type} with ${answer.type}: is it a master of this version?`)
  return answer as Extract<Message, { type: T }>
}

/** Submits a job; returns its id. */
export async function submitJob (link: MasterLink, job: Omit<SubmitJob, 'type'>, signal?: AbortSignal): Promise<string> {
  return (await ask(link, { type: 'submitJob', ...job }, 'jobAccepted', signal)).job
}

/** Has a master take up a job from its checkpoint; returns the job's id. */
export async function askResume (link: MasterLink, job: Omit<ResumeJob, 'type'>, signal?: AbortSignal): Promise<string> {
  return (await ask(link, { type: 'resumeJob', ...job }, 'jobAccepted', signal)).job
}

export async function askStatus (link: MasterLink, job?: string, signal?: AbortSignal): Promise<Status> {
  return await ask(link, { type: 'statusQuery', ...(job === undefined ? {} : { job }) }, 'status', signal)
}

/** What has happened to a job after that place. Rejects with `REFUSED` where the master does not keep it. */
export async function askCourse (link: MasterLink, job: string, after: CoursePlace, signal?: AbortSignal): Promise<Course> {
  return await ask(link, { type: 'courseQuery', job, after }, 'course', signal)
}

/** A job, and who works for its master. */
export async function askJobOf (link: MasterLink, job: string, signal?: AbortSignal): Promise<{ status: JobStatus, workers: WorkerStatus[] }> {
  const { jobs, workers } = await askStatus(link, job, signal)
  const found = jobs.find(candidate => candidate.job === job)
  if (found === undefined) throw new MapReduceError('BAD_INPUT', `the master at ${link.address} knows no job ${job}: see which it knows with ipmr status --connect ${link.address}`)
  return { status: found, workers }
}

export async function askJob (link: MasterLink, job: string, signal?: AbortSignal): Promise<JobStatus> {
  return (await askJobOf(link, job, signal)).status
}

export async function cancelJob (link: MasterLink, job: string, reason: string, signal?: AbortSignal): Promise<void> {
  await ask(link, { type: 'cancelJob', job, reason }, 'ack', signal)
}

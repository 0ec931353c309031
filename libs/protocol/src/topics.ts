import { MapReduceError } from '@ipfs-mapreduce/mapreduce'
import { PROTOCOL_ID } from './constants.ts'
import type { Topic } from './network.ts'

/** Every topic of a cluster. */
export const TOPICS: readonly Topic[] = ['workers', 'masters', 'jobs']

const CLUSTER = /^[a-z0-9-]{1,63}$/

/** Whether a text can name a cluster: 1 to 63 of `a-z`, `0-9` and `-`, so that it can be a DNS label too. */
export function isClusterName (cluster: string): boolean {
  return CLUSTER.test(cluster)
}

/** The gossipsub topic `/ipfs/mapreduce/1.0.0/CLUSTER/TOPIC`. Throws `BAD_INPUT` where the cluster cannot be a name. */
export function topicName (cluster: string, topic: Topic): string {
  if (!isClusterName(cluster)) {
    throw new MapReduceError('BAD_INPUT', `Cannot name a cluster ${JSON.stringify(cluster.slice(0, 100))}: use 1 to 63 of a-z, 0-9 and -`)
  }
  return `${PROTOCOL_ID}/${cluster}/${topic}`
}

/** What a topic's name says; undefined where it is none of ours. Inverse of `topicName`. */
export function parseTopicName (name: string): { cluster: string, topic: Topic } | undefined {
  if (!name.startsWith(`${PROTOCOL_ID}/`)) { return undefined }
  const [cluster, topicText, ...rest] = name.slice(PROTOCOL_ID.length + 1).split('/')
  const topic = TOPICS.find(one => one === topicText)
  if (cluster === undefined || topic === undefined || rest.length > 0 || !isClusterName(cluster)) { return undefined }
  return { cluster, topic }
}

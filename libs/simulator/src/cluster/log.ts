import type { Clock, Log } from '@ipfs-mapreduce/actors'

export interface LogLine {
  atMs: number
  peer: string
  level: keyof Log
  message: string
  fields: object
}

/** Where the logs of a whole cluster go: an array of lines, or whatever else takes them. */
export interface LogLines { push: (line: LogLine) => unknown }

/** The log of one peer. */
export function createLog (peer: string, clock: Clock, lines: LogLines): Log {
  const writer = (level: keyof Log) => (fields: object, message: string): void => {
    lines.push({ atMs: clock.now(), peer, level, message, fields })
  }
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') }
}

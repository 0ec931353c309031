import type { Clock, Log } from '@ipfs-mapreduce/actors'

export interface LogLine {
  atMs: number
  peer: string
  level: keyof Log
  message: string
  fields: object
}

/** The log of one peer, written to the lines of the whole cluster. */
export function createLog (peer: string, clock: Clock, lines: LogLine[]): Log {
  const writer = (level: keyof Log) => (fields: object, message: string): void => {
    lines.push({ atMs: clock.now(), peer, level, message, fields })
  }
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') }
}

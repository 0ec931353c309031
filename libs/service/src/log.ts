import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = typeof LOG_LEVELS[number]
export const LOG_FORMATS = ['pretty', 'json'] as const
export type LogFormat = typeof LOG_FORMATS[number]
export type ServiceLog = Logger

const STDERR = 2

/**
 * A structured log on stderr: stdout is for the ready line. Both formats write synchronously: a last line
 * before an exit is not lost, and pino's worker thread cannot be bundled.
 *
 * @param name - `mapper`, say: a field of each line
 */
export function createLog (name: string, options: { level: LogLevel, format: LogFormat }): ServiceLog {
  const { level, format } = options
  const settings = { level, base: { service: name, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }
  if (format === 'json') return pino(settings, pino.destination({ dest: STDERR, sync: true }))
  return pino(settings, pretty({
    destination: STDERR,
    sync: true,
    colorize: process.stderr.isTTY && (process.env['NO_COLOR'] ?? '') === '',
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'pid,service',
    singleLine: true
  }))
}

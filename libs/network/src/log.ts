/** Structured log; pino's loggers fit. */
export interface NetworkLog {
  debug: (fields: object, message: string) => void
  info: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
  error: (fields: object, message: string) => void
}

export const silentLog: NetworkLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

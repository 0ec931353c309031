/** Structured log; pino's loggers fit. */
export interface NetworkLog {
  /** For who looks for a fault. */
  debug: (fields: object, message: string) => void
  /** What an operator wants to know. */
  info: (fields: object, message: string) => void
  /** What went wrong and was borne. */
  warn: (fields: object, message: string) => void
  /** What should not have happened. */
  error: (fields: object, message: string) => void
}

export const silentLog: NetworkLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

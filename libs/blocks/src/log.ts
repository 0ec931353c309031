/** Structured log; pino's loggers fit. */
export interface Log {
  /** For who looks for a fault. */
  debug: (fields: object, message: string) => void
  /** What went wrong and was borne. */
  warn: (fields: object, message: string) => void
}

export const silent: Log = { debug: () => {}, warn: () => {} }

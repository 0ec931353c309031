/** Structured log; pino's loggers fit. */
export interface Log {
  debug: (fields: object, message: string) => void
  warn: (fields: object, message: string) => void
}

export const silent: Log = { debug: () => {}, warn: () => {} }

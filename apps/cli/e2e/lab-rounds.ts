/** `LAB_ROUNDS=10 npx nx e2e cli --testPathPatterns=lab`: all cases ten times in a row, each time from other seeds. */
const rounds = Number(process.env['LAB_ROUNDS'] ?? 1)
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`LAB_ROUNDS is a whole number from 1, not ${process.env['LAB_ROUNDS']}`)

export const ROUNDS = Array.from({ length: rounds }, (_, n) => n + 1)

/** Seeds of texts, sleeps and faults count up from here. */
export const FIRST_SEED = Number(process.env['LAB_SEED'] ?? 6_5840)

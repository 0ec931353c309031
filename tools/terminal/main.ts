import { record } from './record.ts'

/** Films `npm start` for the README. */
const IMAGE = 'docs/images/demo.svg'
const SIZE = { columns: 100, rows: 30 }

try {
  const frames = await record('npm start', IMAGE, SIZE)
  process.stdout.write(`${IMAGE}: ${frames} screens\n`)
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException
  process.stderr.write(`record: ${code === 'ENOENT' ? 'tmux is not installed: apt-get install tmux, or brew install tmux' : message}\n`)
  process.exitCode = 1
}

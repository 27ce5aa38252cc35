import { tmpdir } from 'node:os'
import { writeExitMessage } from './exit-message.ts'
import { supervise } from './supervise.ts'

const { code, message } = await supervise({
  job: new URL('./job.mjs', import.meta.url),
  args: process.argv.slice(2),
  environment: process.env,
  temporaryFolder: tmpdir(),
  signals: process,
  log: (line) => void process.stdout.write(`${JSON.stringify(line)}\n`),
})
if (message !== undefined) writeExitMessage(process.env['DAYFOLD_ML_ROOT'] ?? '/opt/ml', message)
process.exitCode = code

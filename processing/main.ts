import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { hasExitMessage, writeExitMessage } from './day/exit-message.ts'
import { supervise } from './crashes/supervise.ts'

/** Local file that collects what feature code prints. There is none in AWS, because it may be raw data. */
const printedTo = process.env['DAYFOLD_PRINTED_TO']
/** On another machine than an image's, flags that keep feature code from the machine's files. A JSON array. */
const nodeFlags = process.env['DAYFOLD_NODE_FLAGS'] ?? '[]'

const { code, message } = await supervise({
  job: new URL('./job.mjs', import.meta.url),
  args: process.argv.slice(2),
  environment: process.env,
  nodeFlags: JSON.parse(nodeFlags) as string[],
  temporaryFolder: tmpdir(),
  signals: process,
  log: (line) => void process.stdout.write(`${JSON.stringify(line)}\n`),
  onPrinted: (bytes) => {
    if (printedTo !== undefined) appendFileSync(printedTo, bytes)
  },
})
const root = process.env['DAYFOLD_ML_ROOT'] ?? '/opt/ml'
if (message !== undefined) writeExitMessage(root, message)
else if (code !== 0 && !hasExitMessage(root)) {
  writeExitMessage(
    root,
    `The job: expected it to say why it fails, found exit code ${code} alone. See its log.`,
  )
}
process.exitCode = code

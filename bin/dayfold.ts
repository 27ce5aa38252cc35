import './quiet-sdk.ts'
import { CommanderError } from 'commander'
import { DayfoldError } from '../core/errors.ts'
import { errorText } from './error-text.ts'
import { printJson } from './output.ts'
import { buildProgram } from './program.ts'

/** Exit code of a mistake in the arguments, as the shell's own. */
const USAGE_ERROR = 2

// `try` runs feature code in threads of this process: as in production, a time without a zone is UTC.
process.env['TZ'] = 'UTC'

async function main(): Promise<void> {
  try {
    await buildProgram().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed it, with the usage. Its own code is 0 for --help.
      process.exitCode = error.exitCode === 0 ? 0 : USAGE_ERROR
      if (process.exitCode !== 0 && process.argv.includes('--json')) printError(error)
      return
    }
    report(error)
    process.exitCode = 1
  }
}

function report(error: unknown): void {
  process.stderr.write(`error: ${errorText(error, process.argv.includes('--debug'))}\n`)
  if (process.argv.includes('--json')) printError(error)
}

/** How commander's messages begin, which are meant for the screen. */
const PREFIX = /^error: /

/** With `--json` a failure is a document as well. */
function printError(error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const code = error instanceof DayfoldError || error instanceof CommanderError ? error.code : name
  printJson({ error: { code, message: message.replace(PREFIX, '') } })
}

// Thrown where nobody waits for it, such as a service of this machine that finds its disk full.
process.on('uncaughtException', (error) => {
  report(error)
  process.exit(1)
})
await main()
// Connections that are kept alive for the next request must not hold the process up.
process.stdout.write('', () => process.exit())

import './quiet-sdk.ts'
import { CommanderError } from 'commander'
import { DayfoldError } from '../core/errors.ts'
import { errorText } from './error-text.ts'
import { printJson } from './output.ts'
import { buildProgram } from './program.ts'

/** Exit code for a mistake in the arguments, like a shell's. */
const USAGE_ERROR = 2

// As in production, times without a zone are UTC.
process.env['TZ'] = 'UTC'

async function main(): Promise<void> {
  try {
    await buildProgram().parseAsync()
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed the error with the usage. Its own exit code is 0 for --help.
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

/** Prefix of commander's messages, which is meant for the screen only. */
const PREFIX = /^error: /

/** With `--json`, an error is printed as a document too. */
function printError(error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const code = error instanceof DayfoldError || error instanceof CommanderError ? error.code : name
  printJson({ error: { code, message: message.replace(PREFIX, '') } })
}

// Errors outside of any await, for instance if a local service finds its disk full.
process.on('uncaughtException', (error) => {
  report(error)
  process.exit(1)
})
await main()
// Exits explicitly: keep-alive connections would keep the process running.
process.stdout.write('', () => process.exit())

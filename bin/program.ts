import { Command, type OutputConfiguration } from 'commander'
import { addDiffCommand } from './commands/diff.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addLoadCommand } from './commands/load.ts'
import { addReportCommand } from './commands/report.ts'
import { addRunCommand } from './commands/run.ts'
import { addStatusCommand } from './commands/status.ts'
import { addTryCommand } from './commands/try.ts'

/**
 * Builds the command line with all of its commands. It throws a CommanderError instead of ending the process.
 *
 * @param output where usage and errors go; by default the process's own streams
 */
export function buildProgram(output: OutputConfiguration = {}): Command {
  const program = new Command('dayfold')
    .description("Folds each day's raw JSON Lines files into Parquet files of features.")
    .showHelpAfterError()
    .exitOverride()
    .configureOutput(output)
  for (const add of [
    addRunCommand,
    addStatusCommand,
    addTryCommand,
    addDiffCommand,
    addLoadCommand,
    addReportCommand,
    addDoctorCommand,
  ])
    add(program)
  return program
}

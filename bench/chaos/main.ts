import '../../bin/quiet-sdk.ts'
import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Argument, Command } from 'commander'
import { countArgument } from '../../bin/options.ts'
import { checkLimits } from './check-limits.ts'
import { checkReaders } from './check-readers.ts'
import { checkScenarios, SCENARIO_NAMES } from './check-scenarios.ts'

/** Adds the options that scenarios and readers share. */
const withSeed = (command: Command) =>
  command
    .option(
      '--seed <text>',
      'what random choices follow from (default: a new one)',
      randomBytes(4).toString('hex'),
    )
    .option('--json', 'print one JSON document on stdout', false)

const program = withSeed(new Command('chaos'))
  .description('Kills and disturbs runs wherever it can, and checks that the next run mends what they left.')
  .enablePositionalOptions()
  .addArgument(
    new Argument('[scenarios...]', 'what to do').choices(SCENARIO_NAMES).default(SCENARIO_NAMES, 'all'),
  )
  .option('--count <n>', 'at most so many disturbed runs of each scenario, spread over all', countArgument)
  .option('--match <regexp>', 'only disturbed runs that are described so', (text) => new RegExp(text))
  .option('--lanes <n>', 'disturbed runs at once', countArgument, availableParallelism())
  .action(async (names: readonly string[], flags: Parameters<typeof checkScenarios>[1]) => {
    process.exitCode = (await checkScenarios(names, flags)) ? 0 : 1
  })

withSeed(program.command('readers'))
  .description(
    'Asks with an Athena that lists folders late, while days are replaced, and checks each answer.',
  )
  .action(async (flags: Parameters<typeof checkReaders>[0]) => {
    process.exitCode = (await checkReaders(flags)) ? 0 : 1
  })

program
  .command('limits')
  .description(
    'Publishes days under the limits of a small account, and tells what was refused and waited for.',
  )
  .option('--days <n>', 'dataset-days, all at once', countArgument, 30)
  .option('--files <n>', 'raw files of a day', countArgument, 50)
  .option('--concurrency <n>', 'invocations of functions at once', countArgument, 3)
  .option('--json', 'print one JSON document on stdout', false)
  .action(async (flags: Parameters<typeof checkLimits>[0]) => {
    process.exitCode = (await checkLimits(flags)) ? 0 : 1
  })

await program.parseAsync()

import { statSync } from 'node:fs'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { isDay } from '../core/dates.ts'
import { DayfoldError, type ErrorCode } from '../core/errors.ts'
import { parseConfig } from '../lib/config.ts'

/** Folder that holds all state of the local target, unless `--home` names another. */
export const DEFAULT_HOME = '.dayfold'

/** Values of the options that almost every command has. */
export interface CommonFlags {
  /** Deployment to work on: on this machine, or in an account. */
  readonly target: 'local' | 'aws'
  /** Name of the CloudFormation stack, with `aws`. */
  readonly stack?: string
  /** AWS region of the stack, with `aws`. @default that of the environment or profile */
  readonly region?: string
  /** Folder of the local target's state. */
  readonly home: string
  /** Folder to show as raw data, with `local`. @default none */
  readonly raw?: string
  /** Path of a registry (a module that lists datasets) to use instead of `processing/datasets/index.ts`. */
  readonly datasets?: string
  /** Configuration by name, as in cdk.json, with `local`. */
  readonly context: Readonly<Record<string, string>>
  /** True to print one JSON document instead of text. */
  readonly json: boolean
  /** True to print the stack of an error. */
  readonly debug: boolean
}

/**
 * Adds the options of {@link CommonFlags} to a command, and checks their values before the command runs.
 *
 * @param options `takesRegistry`: true if the command runs local feature code with either target. Default: false
 */
export function addCommonOptions(command: Command, { takesRegistry = false } = {}): Command {
  return command
    .addOption(new Option('--target <target>', 'where to work').choices(['local', 'aws']).default('local'))
    .option('--stack <name>', 'aws: name of the CloudFormation stack')
    .option('--region <region>', 'aws: region of the stack (default: that of the environment or profile)')
    .option('--home <dir>', 'local: folder that holds all state', DEFAULT_HOME)
    .option(
      '--raw <dir>',
      'local: folder to show as raw data, read only: it holds the days (YYYY/MM/DD, or as rawLayout says) of the one --dataset, or such folders, each named after its dataset or as its rawPrefix says',
    )
    .option('--datasets <file>', 'local: another registry than processing/datasets/index.ts')
    .option('--context <key=value>', 'local: configuration, as in cdk.json; repeatable', keyValue, {})
    .option('--json', 'print one JSON document on stdout instead', false)
    .option('--debug', 'print the stack of an error', false)
    .hook('preAction', (_, action) => usage(action, () => checkCommonOptions(action, takesRegistry)))
}

const LOCAL_ONLY = ['home', 'raw', 'datasets', 'context'] as const
const AWS_ONLY = ['stack', 'region'] as const

function checkCommonOptions(command: Command, takesRegistry: boolean): void {
  const flags = command.opts<CommonFlags>()
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli'
  if (flags.target === 'local' || takesRegistry) checkRegistry(flags)
  if (flags.target === 'local') {
    const found = AWS_ONLY.find(isGiven)
    if (found !== undefined) throw invalid(`--${found}: expected --target aws with it, found local.`)
    checkContext(flags)
    return
  }
  const found = LOCAL_ONLY.find((name) => isGiven(name) && !(takesRegistry && name === 'datasets'))
  if (found !== undefined)
    throw invalid(`--${found}: expected --target local with it, found aws. Deploy it instead.`)
  if (flags.stack === undefined) throw invalid('--target aws: expected --stack NAME with it, found none.')
}

function checkRegistry({ datasets }: CommonFlags): void {
  if (datasets === undefined) return
  const stats = statSync(datasets, { throwIfNoEntry: false })
  if (stats?.isFile()) return
  const found = stats ? 'a folder' : 'no such file'
  throw invalid(`--datasets ${datasets}: expected a module that exports datasets, found ${found}.`)
}

/** Checks the context early, with a better message than that of synth. */
function checkContext({ context }: CommonFlags): void {
  if (Object.keys(context).length === 0) return
  try {
    parseConfig({ rawBucket: 'raw', ...context })
  } catch (error) {
    if (!(error instanceof DayfoldError)) throw error
    throw invalid(error.message.replace('pass -c ', 'pass --context '))
  }
}

function invalid(message: string): DayfoldError {
  return new DayfoldError('InvalidInput', message)
}

/**
 * Checks that an argument of the command line is a calendar day that exists, written YYYY-MM-DD, and returns it
 * unchanged.
 *
 * @throws InvalidArgumentError if it is not
 */
export function dayArgument(text: string): string {
  if (isDay(text)) return text
  throw new InvalidArgumentError(`Expected an existing day as YYYY-MM-DD.`)
}

/**
 * Parses an argument of the command line that is a whole number from 1 to 999,999,999.
 *
 * @throws InvalidArgumentError if it is not
 */
export function countArgument(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number from 1.')
}

/** Adds a value of an option that may be repeated to its earlier values; commander calls it for each value. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value]
}

/**
 * Adds a value `KEY=VALUE` of an option that may be repeated to its earlier values; commander calls it for each value.
 * A key that is repeated gets its last value.
 *
 * @throws InvalidArgumentError for a value of another form
 */
export function keyValue(text: string, earlier: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Expected KEY=VALUE.')
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) }
}

/**
 * Runs `check` and returns its result. A DayfoldError from it is a usage error: prints the usage and ends the command
 * with exit code 2. Other errors pass through.
 */
export function usage<T>(command: Command, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof DayfoldError) return command.error(`error: ${error.message}`, { code: error.code })
    throw error
  }
}

/**
 * Runs `work` and returns its result. A DayfoldError with one of `codes` is a usage error: prints the usage and ends
 * the command with exit code 2. Other errors pass through.
 */
export async function usageAsync<T>(
  command: Command,
  codes: readonly ErrorCode[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DayfoldError) || !codes.includes(error.code)) throw error
    return command.error(`error: ${error.message}`, { code: error.code })
  }
}

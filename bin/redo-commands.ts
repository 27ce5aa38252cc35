import { FINDINGS, type Finding } from '../client/findings.ts'
import type { RunRequest } from '../client/executions.ts'
import type { ExecutionRef } from '../core/messages.ts'
import type { DatasetDay } from '../core/dataset-day.ts'
import { MODE_NAMES } from '../core/modes.ts'
import {
  acceptingInputs,
  emptyingInputs,
  inputsInMode,
  mendingInputs,
  redoInputs,
  type FailedDay,
  type RedoInput,
} from '../core/redo.ts'
import { DEFAULT_HOME, type CommonFlags } from './options.ts'

/** Maximum number of commands shown. More than one or two are rare. */
const MAX_COMMANDS = 3

/**
 * Returns lines to print with the commands that redo, mend, empty or accept failed days on the same target; none
 * without failed days.
 *
 * @param flags flags of the command in which the days failed
 * @param unrecorded days that failed in a dry run: their manifests can be mended, but there is no failure to redo or
 *   accept
 */
export function redoLines(
  failed: readonly FailedDay[],
  flags: CommonFlags,
  unrecorded: readonly FailedDay[] = [],
): string[] {
  return [
    ...commandLines('Once the causes are mended, redo the failed days with:', redoInputs(failed), flags),
    ...commandLines(
      'To mend days whose manifest cannot be read:',
      mendingInputs([...failed, ...unrecorded]),
      flags,
    ),
    ...commandLines('To delete the rows of days without raw files:', emptyingInputs(failed), flags),
    ...commandLines('To accept them as they are:', acceptingInputs(failed), flags),
  ]
}

/**
 * Returns lines to print with the commands that repair the differences that `status --check` has found; none without
 * any.
 */
export function mendingLines(findings: readonly Finding[], flags: CommonFlags): string[] {
  const inputs = MODE_NAMES.flatMap((mode) =>
    inputsInMode(
      findings.filter(({ kind }) => FINDINGS[kind] === mode),
      mode,
    ),
  )
  return commandLines('Mend with:', inputs, flags)
}

/**
 * Returns lines to print with the commands that work on days again in mode `changed`; none without days.
 *
 * @param title first line
 */
export function changedLines(title: string, days: readonly DatasetDay[], flags: CommonFlags): string[] {
  return commandLines(title, inputsInMode(days, 'changed'), flags)
}

/**
 * Returns lines to print with the commands that rebuild days; none without days.
 *
 * @param title first line
 */
export function rebuildLines(title: string, days: readonly DatasetDay[], flags: CommonFlags): string[] {
  return commandLines(title, inputsInMode(days, 'rebuild'), flags)
}

/**
 * Returns lines to print with the command that goes on with a stopped execution. It makes the same request again, but
 * rebuilds only the days that are not rebuilt yet.
 *
 * @param left dataset-days that the execution has not published
 */
export function resumeLines(request: RunRequest, left: readonly DatasetDay[], flags: CommonFlags): string[] {
  if (request.mode === 'rebuild' && left.length > 0)
    return commandLines(GO_ON, rebuildInputs(left, request), flags)
  return [GO_ON, `  ${command([...requestWords(request), ...targetWords(flags)])}`]
}

/** Datasets with the same range of days left share one command. */
function rebuildInputs(left: readonly DatasetDay[], { allowEmpty }: RunRequest): RedoInput[] {
  const inputs = new Map<string, RedoInput>()
  for (const name of new Set(left.map(({ dataset }) => dataset))) {
    const dates = left.filter(({ dataset }) => dataset === name).map(({ date }) => date)
    const [from, to] = [dates.toSorted()[0]!, dates.toSorted().at(-1)!]
    const datasets = [...(inputs.get(`${from} ${to}`)?.datasets ?? []), name]
    inputs.set(`${from} ${to}`, { from, to, datasets, mode: 'rebuild', ...(allowEmpty && { allowEmpty }) })
  }
  return [...inputs.values()]
}

const GO_ON = 'To go on, which leaves published days alone:'

function requestWords({ from, to, datasets = [], mode, maxConcurrency, allowEmpty }: RunRequest): string[] {
  return [
    ...option('mode', mode),
    ...option('from', from),
    ...option('to', to),
    ...datasets.flatMap((name) => ['--dataset', name]),
    ...option('max-concurrency', maxConcurrency?.toString()),
    ...(allowEmpty ? ['--allow-empty'] : []),
  ]
}

/** Returns lines to print with the command that follows a running execution again. */
export function followLines({ name }: ExecutionRef, flags: CommonFlags): string[] {
  return ['To follow it again:', `  ${command(['--follow', name, ...targetWords(flags)])}`]
}

const command = (words: readonly string[]) => ['npm run -s dayfold -- run', ...words.map(quoted)].join(' ')

function commandLines(title: string, inputs: readonly RedoInput[], flags: CommonFlags): string[] {
  if (inputs.length === 0) return []
  const left = inputs.length - MAX_COMMANDS
  const commands = inputs.slice(0, MAX_COMMANDS).map((input) => `  ${redoCommand(input, flags)}`)
  return [title, ...commands, ...(left > 0 ? [`  and ${left} more`] : [])]
}

function redoCommand({ from, to, datasets, mode, allowEmpty }: RedoInput, flags: CommonFlags): string {
  const names = datasets.flatMap((name) => ['--dataset', name])
  const request = ['--mode', mode, '--from', from, '--to', to, ...names]
  return command([...request, ...(allowEmpty ? ['--allow-empty'] : []), ...targetWords(flags)])
}

function targetWords({ target, stack, region, home, raw, datasets, context }: CommonFlags): string[] {
  if (target === 'aws') return ['--target', target, ...option('stack', stack), ...option('region', region)]
  return [
    ...option('home', home === DEFAULT_HOME ? undefined : home),
    ...option('raw', raw),
    ...option('datasets', datasets),
    ...Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]),
  ]
}

const option = (name: string, value: string | undefined) => (value === undefined ? [] : [`--${name}`, value])

/** Quotes a word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

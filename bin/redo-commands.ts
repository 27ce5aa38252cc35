import { FINDINGS, type Finding } from '../client/findings.ts'
import type { DatasetDay } from '../core/execution-input.ts'
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

/** Commands to show at most; more than one or two are rare. */
const MAX_COMMANDS = 3

/**
 * How to redo failed days from here, with the target of these flags: lines to print, none without failed days.
 *
 * @param flags of the command in which the days failed
 */
export function redoLines(failed: readonly FailedDay[], flags: CommonFlags): string[] {
  return [
    ...commandLines('Once the causes are mended, redo the failed days with:', redoInputs(failed), flags),
    ...commandLines('To mend days whose manifest cannot be read:', mendingInputs(failed), flags),
    ...commandLines('To delete the rows of days without raw files:', emptyingInputs(failed), flags),
    ...commandLines('To accept them as they are:', acceptingInputs(failed), flags),
  ]
}

/** How to mend what a check has found, with the target of these flags: lines to print, none without findings. */
export function mendingLines(findings: readonly Finding[], flags: CommonFlags): string[] {
  const inputs = MODE_NAMES.flatMap((mode) =>
    inputsInMode(
      findings.filter(({ kind }) => FINDINGS[kind] === mode),
      mode,
    ),
  )
  return commandLines('Mend with:', inputs, flags)
}

/** How to rebuild days, with the target of these flags: lines to print, none without days. */
export function rebuildLines(title: string, days: readonly DatasetDay[], flags: CommonFlags): string[] {
  return commandLines(title, inputsInMode(days, 'rebuild'), flags)
}

function commandLines(title: string, inputs: readonly RedoInput[], flags: CommonFlags): string[] {
  if (inputs.length === 0) return []
  const left = inputs.length - MAX_COMMANDS
  const commands = inputs.slice(0, MAX_COMMANDS).map((input) => `  ${redoCommand(input, flags)}`)
  return [title, ...commands, ...(left > 0 ? [`  and ${left} more`] : [])]
}

function redoCommand({ from, to, datasets, mode, allowEmpty }: RedoInput, flags: CommonFlags): string {
  const names = datasets.flatMap((name) => ['--dataset', name])
  const request = ['--mode', mode, '--from', from, '--to', to, ...names]
  const words = ['run', ...request, ...(allowEmpty ? ['--allow-empty'] : []), ...targetWords(flags)]
  return ['npm run -s dayfold --', ...words.map(quoted)].join(' ')
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

/** As a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

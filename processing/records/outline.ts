import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { causesOf } from '../../core/errors.ts'
import { placeFinder } from './places.ts'

/** The folder of the bundles: `job.mjs` and `worker.mjs` are one file each, engine and feature code alike. */
const PROGRAM_FOLDER = new URL('.', import.meta.url).href
const placeIn = placeFinder(PROGRAM_FOLDER)
const CLASS_NAME = /^[A-Za-z_$][\w$]{0,63}$/
const BUILT_IN: readonly unknown[] = [
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AbortError',
  'TimeoutError',
]

/**
 * Describes anything that was thrown, and its causes, by their classes and, if the stacks tell, their places in the
 * sources. Leaves out messages, which may contain raw data. Never throws.
 */
export function outlineOf(thrown: unknown): string {
  try {
    return [thrown, ...causesOf(thrown)].map(outlineOfOne).join(', caused by ')
  } catch {
    return 'Error'
  }
}

function outlineOfOne(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `a thrown ${thrown === null ? 'null' : typeof thrown}`
  const place = placeIn(String(thrown.stack))
  return [classOf(thrown), systemCodeOf(thrown), place && `at ${place}`].filter(Boolean).join(' ')
}

/**
 * Returns the place in the sources where an error was thrown, such as ` (recs.ts:31:20)` with the space in front; empty
 * if its stack does not tell. Never throws.
 */
export function placeOf(thrown: unknown): string {
  try {
    const place = thrown instanceof Error ? placeIn(String(thrown.stack)) : undefined
    return place === undefined ? '' : ` (${place})`
  } catch {
    return ''
  }
}

/**
 * Returns the name of an error's class. Feature code may set any name, but one that the program's text holds comes from
 * no record.
 */
function classOf({ name }: { readonly name: unknown }): string {
  if (typeof name !== 'string' || !CLASS_NAME.test(name)) return 'Error'
  return BUILT_IN.includes(name) || isWritten(name) ? name : 'Error'
}

let text: string | undefined

function isWritten(name: string): boolean {
  text ??= readFileSync(new URL(import.meta.url), 'utf8')
  return [`"${name}"`, `'${name}'`, `\`${name}\``, `class ${name} `].some((written) =>
    text!.includes(written),
  )
}

function systemCodeOf({ code }: Error & { readonly code?: unknown }): string | undefined {
  return typeof code === 'string' && Object.hasOwn(constants.errno, code) ? code : undefined
}

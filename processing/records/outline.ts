import { readFileSync } from 'node:fs'
import { constants } from 'node:os'

/** The folder of the bundles: `job.mjs` and `worker.mjs` are one file each, engine and feature code alike. */
const PROGRAM_FOLDER = new URL('.', import.meta.url).href
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
 * What may be told of something thrown, by whomever: its class and, where its stack tells, the place in the program.
 * Its message may hold anything of a record. Never throws.
 */
export function outlineOf(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return `a thrown ${thrown === null ? 'null' : typeof thrown}`
    return [classOf(thrown), systemCodeOf(thrown), placeIn(String(thrown.stack))].filter(Boolean).join(' ')
  } catch {
    return 'Error'
  }
}

/** Feature code may make a name of anything: one that the program's text holds is of no record. */
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

/** File, line and column of the first call in the program that a stack names. */
function placeIn(stack: string): string | undefined {
  for (const call of stack.split('\n').filter((line) => /^ +at /.test(line))) {
    const at = call.indexOf(PROGRAM_FOLDER)
    const place = at < 0 ? null : /^\w+\.m?[jt]s:\d{1,7}:\d{1,8}/.exec(call.slice(at + PROGRAM_FOLDER.length))
    if (place) return `at ${place[0]}`
  }
  return undefined
}

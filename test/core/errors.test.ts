import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  causesOf,
  DayfoldError,
  ERROR_CODES,
  errorFromData,
  errorToData,
  OwnError,
} from '../../core/errors.ts'

const ROOT = join(import.meta.dirname, '../..')
const FOLDERS = ['aws', 'bin', 'client', 'core', 'lambda', 'lib', 'local', 'local-aws', 'processing']

/** The local AWS raises errors of its own, which its users see as Dayfold's, one of them under another name. */
const TOLD_AS = { LimitExceeded: 'InvalidConfiguration' } as Readonly<Record<string, string>>

it('every code is raised somewhere', () => {
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }),
  ).filter(({ name }) => name.endsWith('.ts'))
  const raised = sources.flatMap(({ parentPath, name }) => {
    const text = readFileSync(join(parentPath, name), 'utf8')
    return [...text.matchAll(/new (?:Dayfold|LocalAws)Error\(\s*'(\w+)'/g)].map(
      ([, code]) => TOLD_AS[code!] ?? code,
    )
  })
  expect([...new Set(raised)].sort()).toEqual([...ERROR_CODES].sort())
})

it('keeps code, name, message and context of an error across threads', () => {
  const error = new DayfoldError('WorkerDied', 'a worker died', { context: { key: 'raw/a' } })
  const back = errorFromData(structuredClone(errorToData(error)))
  expect(back).toBeInstanceOf(DayfoldError)
  expect(back).toMatchObject({
    code: 'WorkerDied',
    name: 'WorkerDied',
    message: 'a worker died',
    context: { key: 'raw/a' },
  })
  expect(back.stack).toBe(error.stack)
})

it('keeps whether a message is our own across threads', () => {
  const sent = (error: Error) => errorFromData(structuredClone(errorToData(error)))
  expect(sent(new OwnError('cut short'))).toBeInstanceOf(OwnError)
  expect(sent(new Error('Jane'))).not.toBeInstanceOf(OwnError)
})

it('keeps the name of a foreign error and copes with what is not an error', () => {
  expect(errorFromData(errorToData(new RangeError('far')))).toMatchObject({
    name: 'RangeError',
    message: 'far',
  })
  expect(errorToData('text')).toEqual({ name: 'Error', message: 'text' })
})

it('has a cause only where one is given', () => {
  const cause = new Error('no network')
  expect(new DayfoldError('QueryFailed', 'no answer', { cause }).cause).toBe(cause)
  expect(new DayfoldError('QueryFailed', 'no answer', { context: {} })).not.toHaveProperty('cause')
})

it('tells the causes of an error, the nearest first, at most four', () => {
  const chain = (names: readonly string[]) =>
    names.reduceRight<Error | undefined>((cause, name) => new Error(name, cause && { cause }), undefined)
  const messages = (thrown: unknown) =>
    causesOf(thrown).map((cause) => (cause instanceof Error ? cause.message : cause))
  expect(messages(chain(['a']))).toEqual([])
  expect(messages(chain(['a', 'b', 'c']))).toEqual(['b', 'c'])
  expect(messages(chain(['a', 'b', 'c', 'd', 'e', 'f']))).toEqual(['b', 'c', 'd', 'e'])
  expect(messages(new Error('a', { cause: 'text' }))).toEqual(['text'])
  expect(messages('text')).toEqual([])
  const hosts = [new Error('first host'), new Error('second host')]
  expect(messages(new AggregateError(hosts, 'a'))).toEqual(['first host'])
  expect(messages(new AggregateError(hosts, 'a', { cause: chain(['b']) }))).toEqual(['b'])
})

import { expect, it } from 'vitest'
import { DayfoldError, errorFromData, errorToData } from '../../core/errors.ts'

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

it('keeps the name of a foreign error and copes with what is not an error', () => {
  expect(errorFromData(errorToData(new RangeError('far')))).toMatchObject({
    name: 'RangeError',
    message: 'far',
  })
  expect(errorToData('text')).toEqual({ name: 'Error', message: 'text' })
})

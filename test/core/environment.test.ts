import { expect, it } from 'vitest'
import { HANDLER_ENVIRONMENT, readEnvironment } from '../../core/environment.ts'

it('a handler gets the names that it requires, and no others', () => {
  const required = { DEPLOYMENT: 'dayfold', DATA_BUCKET: 'data', INSTANCE_TYPE: 'ml.m5.large' }
  expect(readEnvironment('collect', { ...required, PATH: '/bin' })).toEqual(required)
})

it.each([[undefined], ['']])('a name that is set to %j is an InvalidConfiguration', (value) => {
  const read = () =>
    readEnvironment('collect', { DEPLOYMENT: 'dayfold', DATA_BUCKET: value, INSTANCE_TYPE: 'ml.m5.large' })
  const names = HANDLER_ENVIRONMENT.collect.join(', ')
  const message = `Environment of collect: expected ${names}, found no DATA_BUCKET. Deploy the stack again.`
  expect(read).toThrow(expect.objectContaining({ code: 'InvalidConfiguration', message }) as Error)
})

import { expect, test } from 'vitest'
import { ENGINE_VERSION, isOlderEngine } from '../../core/engine.ts'

test.each([
  ['1', '2', true],
  ['2', '1', false],
  ['2', '2', false],
  ['9', '10', true],
  [undefined, '2', true],
  [undefined, '1', false],
  ['1', undefined, false],
  ['0', undefined, true],
  [undefined, undefined, false],
  [undefined, ENGINE_VERSION, true],
])('engine %s before %s: %s', (engine, other, isOlder) => {
  expect(isOlderEngine(engine, other)).toBe(isOlder)
})

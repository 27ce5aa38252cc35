import { expect, test } from 'vitest'
import { evaluate } from '../../../states/language/expressions.ts'

const value = (text: string, bindings = {}) => evaluate(`{% ${text} %}`, bindings, 'Output')

test('expressions are replaced at any depth, and literals stay', async () => {
  const template = { a: ['{% $x + 1 %}', 'x'], b: { c: '{% $states.input.name %}' }, d: null, e: ' {% 1 %}' }
  const bindings = { x: 1, states: { input: { name: 'jobs' } } }
  expect(await evaluate(template, bindings, 'Output')).toEqual({
    a: [2, 'x'],
    b: { c: 'jobs' },
    d: null,
    e: ' {% 1 %}',
  })
})

test('an expression that gives nothing is an error that names it and its field', async () => {
  await expect(
    evaluate({ a: '{% $states.input.b %}' }, { states: { input: {} } }, 'Arguments'),
  ).rejects.toMatchObject({
    name: 'States.QueryEvaluationError',
    message: expect.stringMatching(
      /'\$states\.input\.b' specified for the field 'Arguments\/a' returned nothing/,
    ) as string,
  })
})

test('an expression that fails, or gives a function, is an error', async () => {
  await expect(value('1 + "a"')).rejects.toThrow('T2002')
  await expect(value('$sum')).rejects.toThrow('unsupported result type')
  await expect(value('{"f": function($x) {$x}}')).rejects.toThrow('unsupported result type')
  await expect(value('$error("stop")')).rejects.toThrow('stop')
  await expect(value('$eval("1")')).rejects.toThrow('$eval is not supported')
})

test('the root holds nothing', async () => {
  await expect(value('$')).rejects.toThrow('returned nothing')
})

test('Step Functions’ own functions are there', async () => {
  expect(await value('$partition([1, 2, 3, 4, 5], 2)')).toEqual([[1, 2], [3, 4], [5]])
  expect(await value('$range(0, 10, 5)')).toEqual([0, 5, 10])
  expect(await value('$range(3, 1, -1)')).toEqual([3, 2, 1])
  expect(await value('$parse("{\\"a\\": [1]}")')).toEqual({ a: [1] })
  expect(await value('$hash("abc", "SHA-1")')).toBe('a9993e364706816aba3e25717850c26c9cd0d89d')
  expect(await value('$hash("abc", "MD5")')).toBe('900150983cd24fb0d6963f7d28e17f72')
  expect(await value('$random(7) = $random(7) and $random() >= 0 and $random() < 1')).toBe(true)
  expect(await value('$uuid()')).toMatch(/^[0-9a-f-]{36}$/)
  await expect(value('$range(0, 1e6, 1)')).rejects.toThrow('at most 1000')
  await expect(value('$hash("abc", "CRC")')).rejects.toThrow('SHA-512')
})

test('a value is plain JSON: no hidden properties of sequences', async () => {
  const found = (await value('$x.a', { x: [{ a: 1 }, { a: 2 }] })) as unknown[]
  expect(Object.getOwnPropertyNames(found).sort()).toEqual(['0', '1', 'length'])
})

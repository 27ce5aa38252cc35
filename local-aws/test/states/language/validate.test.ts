import { describe, expect, test } from 'vitest'
import { parseDefinition } from '../../../states/language/validate.ts'

const LAMBDA = 'arn:aws:states:::lambda:invoke'
const parse = (states: object, extra: object = {}) =>
  parseDefinition({ QueryLanguage: 'JSONata', StartAt: 'A', States: states, ...extra }, 'test', [LAMBDA])
const processor = (config: object) => ({
  ProcessorConfig: config,
  StartAt: 'B',
  States: { B: { Type: 'Succeed' } },
})

test('a definition of every kind of state is taken', () => {
  const definition = parse({
    A: {
      Type: 'Task',
      Resource: LAMBDA,
      Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Next: 'C',
    },
    C: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'W' }], Default: 'E' },
    W: { Type: 'Wait', Seconds: 1, Next: 'P' },
    P: { Type: 'Pass', Assign: { x: 1 }, Output: '{% $x %}', Next: 'M' },
    M: {
      Type: 'Map',
      ItemProcessor: processor({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }),
      MaxConcurrency: '{% $x %}',
      ToleratedFailurePercentage: 100,
      Next: 'L',
    },
    L: { Type: 'Parallel', Branches: [{ StartAt: 'D', States: { D: { Type: 'Succeed' } } }], End: true },
    E: { Type: 'Fail', Error: 'E', Cause: '{% "why" %}' },
  })
  expect(definition.States.A).toMatchObject({
    Retry: [{ IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3 }],
  })
})

describe('refused by name:', () => {
  const inline = { Mode: 'INLINE' }
  test.each([
    ['a field of a state', { A: { Type: 'Pass', Parameters: {}, End: true } }, /States\/A: .*"Parameters"/],
    ['a kind of state', { A: { Type: 'Activity', End: true } }, /States\/A/],
    [
      'a resource',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', End: true } },
      /sqs:sendMessage" is not implemented/,
    ],
    ['a target that is not there', { A: { Type: 'Pass', Next: 'Z' } }, /States\/A: leads to "Z"/],
    [
      'a catcher’s target',
      { A: { Type: 'Task', Resource: LAMBDA, Catch: [{ ErrorEquals: ['X'], Next: 'Z' }], End: true } },
      /"Z"/,
    ],
    ['a rule’s target', { A: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Z' }] } }, /"Z"/],
    ['no way on', { A: { Type: 'Pass' } }, /either Next or End/],
    ['two ways on', { A: { Type: 'Pass', Next: 'A', End: true } }, /either Next or End/],
    [
      'an expression that does not parse',
      { A: { Type: 'Pass', Output: { a: '{% 1 + %}' }, End: true } },
      /States\/A\/Output\/a: /,
    ],
    ['$eval', { A: { Type: 'Pass', Output: '{% $eval("1") %}', End: true } }, /\$eval is not supported/],
    [
      'text around an expression',
      { A: { Type: 'Pass', Output: 'x {% 1 %}', End: true } },
      /without anything around/,
    ],
    [
      'States.ALL before another',
      {
        A: {
          Type: 'Task',
          Resource: LAMBDA,
          Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }],
          End: true,
        },
      },
      /must be the last/,
    ],
    ['a Wait without a time', { A: { Type: 'Wait', End: true } }, /Seconds or Timestamp/],
    [
      'an inline Map with a ResultWriter',
      {
        A: {
          Type: 'Map',
          ItemProcessor: processor(inline),
          ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b' } },
          End: true,
        },
      },
      /ResultWriter: only a Distributed Map/,
    ],
    [
      'batches',
      { A: { Type: 'Map', ItemProcessor: processor(inline), ItemBatcher: {}, End: true } },
      /ItemBatcher/,
    ],
    [
      'a name used twice',
      { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Map', ItemProcessor: processor(inline), End: true } },
      /name is used twice/,
    ],
    [
      'a field inside a Map',
      {
        A: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'B', States: { B: { Type: 'Pass', ResultPath: '$', End: true } } },
          End: true,
        },
      },
      /ItemProcessor\/States\/B: .*ResultPath/,
    ],
  ])('%s', (_what, states, message) => {
    expect(() => parse(states)).toThrow(message)
  })

  test('a start that is not there, and JSONPath', () => {
    expect(() => parse({ A: { Type: 'Succeed' } }, { StartAt: 'Z' })).toThrow(
      /StartAt: there is no state "Z"/,
    )
    expect(() => parse({ A: { Type: 'Succeed' } }, { QueryLanguage: 'JSONPath' })).toThrow(/expected JSONata/)
  })
})

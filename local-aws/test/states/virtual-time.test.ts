import { expect, test } from 'vitest'
import { StateError } from '../../states/index.ts'
import { virtualClock } from '../../virtual-clock.ts'
import { CALL, run } from '../support/states.ts'

const HOUR = 3_600_000

const virtual = () => {
  const clock = virtualClock({ start: 0 })
  return { clock, options: { timers: clock, now: () => clock.now(), waitScale: 1, random: () => 1 } }
}

test('a state waits, and tries again, for hours that pass at once', async () => {
  const { clock, options } = virtual()
  let calls = 0
  const execution = await run({
    options,
    call: () => (++calls < 3 ? Promise.reject(new StateError('Busy', '')) : Promise.resolve({ calls })),
    definition: {
      StartAt: 'Wait',
      States: {
        Wait: { Type: 'Wait', Seconds: 7200, Next: 'Call' },
        Call: {
          Type: 'Task',
          Resource: CALL,
          End: true,
          Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 3600, BackoffRate: 2, MaxAttempts: 5 }],
        },
      },
    },
  })
  expect(execution.result).toEqual({ calls: 3 })
  expect(clock.now()).toBe((2 + 1 + 2) * HOUR)
})

test('a task that takes longer than its state allows times out when the state says', async () => {
  const { clock, options } = virtual()
  const execution = await run({
    options,
    call: ({ signal }) => clock.sleep(10 * HOUR, signal),
    definition: {
      StartAt: 'Call',
      States: { Call: { Type: 'Task', Resource: CALL, TimeoutSeconds: 3600, End: true } },
    },
  })
  expect(execution.error).toBe('States.Timeout')
  expect(clock.now()).toBe(HOUR)
})

test("an expression's present is that of the clock", async () => {
  const { options } = virtual()
  const { result } = await run({
    options,
    definition: {
      StartAt: 'Wait',
      States: {
        Wait: { Type: 'Wait', Seconds: 3600, Next: 'Tell' },
        Tell: {
          Type: 'Pass',
          Output: {
            now: '{% $now() %}',
            millis: '{% $millis() %}',
            day: "{% $now('[Y0001]-[M01]-[D01]') %}",
            zone: "{% $now('[H01]:[m01]', '+0130') %}",
          },
          End: true,
        },
      },
    },
  })
  expect(result).toEqual({ now: '1970-01-01T01:00:00.000Z', millis: HOUR, day: '1970-01-01', zone: '02:30' })
})

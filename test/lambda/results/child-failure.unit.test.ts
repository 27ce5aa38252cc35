import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../lambda/results/child-failure.ts'

const job = (exitMessage: string | undefined, FailureReason = 'AlgorithmError: exit code: 1') => ({
  Input: '{}',
  Status: 'FAILED' as const,
  Error: 'States.TaskFailed',
  Cause: JSON.stringify({ FailureReason, ...(exitMessage !== undefined && { ExitMessage: exitMessage }) }),
})

describe('what lasts, and so is not tried again while nothing changes', () => {
  test.each([
    ['RejectedRatioExceeded: 10 of 49 records', true],
    ['WorkerDied: 2 died near line 3', true],
    ['JobFailed: The job: expected it to end by itself, found TypeError at worker.mjs:2:11.', true],
    ['S3Throttled: raw/a: expected S3 to answer', false],
    ['RawObjectChanged: raw/a', false],
    ['The job was stopped by SIGINT; nothing was published.', false],
    ['GET raw/a: 403 AccessDenied', false],
    ['The job: expected it to say why it fails, found exit code 1 alone. See its log.', false],
    [undefined, false],
  ])('%s: %s', (message, lasts) => {
    expect(failureOf(job(message)).lasts).toBe(lasts)
  })

  test.each(['CapacityError: no instances', 'InternalServerError: try again'])(
    'AWS has failed the job (%s): it passes',
    (reason) => expect(failureOf(job('JobFailed: something', reason)).lasts).toBe(false),
  )

  test.each([
    ['UnreadableObjects', true],
    ['CatalogBusy', false],
    ['States.Timeout', false],
    ['SageMaker.AmazonSageMakerException', false],
    ['Lambda.TooManyRequestsException', false],
  ])('a state that failed with %s: %s', (error, lasts) => {
    expect(failureOf({ Input: '{}', Status: 'FAILED', Error: error, Cause: '{}' }).lasts).toBe(lasts)
  })

  const stopped = (seconds: number, more: object = {}) =>
    failureOf({
      ...job('The job was stopped by SIGTERM; nothing was published.'),
      Cause: JSON.stringify({
        ExitMessage: 'The job was stopped by SIGTERM; nothing was published.',
        ProcessingJobStatus: 'Stopped',
        ProcessingStartTime: 1_700_000_000_000,
        ProcessingEndTime: 1_700_000_000_000 + seconds * 1000,
        StoppingCondition: { MaxRuntimeInSeconds: 14_400 },
        ...more,
      }),
    })

  test('a job that has used up its time would do so again, and says by what it is mended', () => {
    for (const seconds of [14_400, 14_520])
      expect(stopped(seconds)).toMatchObject({
        error: 'JobFailed',
        cause: expect.stringMatching(
          /within 14400 s \(maxRuntimeSeconds\).*Raise maxRuntimeSeconds/,
        ) as string,
        lasts: true,
      })
  })

  test('a job that somebody stopped before says nothing of its day', () => {
    expect(stopped(14_399)).toMatchObject({ error: 'States.TaskFailed', lasts: false })
    expect(stopped(14_520, { ProcessingJobStatus: 'Failed' }).lasts).toBe(false)
    expect(stopped(14_520, { ProcessingStartTime: undefined }).lasts).toBe(false)
  })

  test.each(['ABORTED', 'TIMED_OUT', 'PENDING'])('a child that was %s says nothing of its day', (Status) =>
    expect(failureOf({ Input: '{}', Status }).lasts).toBe(false),
  )
})

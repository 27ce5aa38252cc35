import { expect, test } from 'vitest'
import { startS3 } from '@dayfold/local-aws/test-support/start-s3'
import { putObject } from '../../aws/write-objects.ts'
import { daysLeft, knownExecution } from '../../client/known-execution.ts'
import { dataOf, type Target } from '../../client/target.ts'
import { encodeAttempt } from '../../core/attempt.ts'
import { attemptKey, itemsKey } from '../../core/layout.ts'
import { writeManifest } from '../../lambda/ledger/manifest-store.ts'
import { formerManifest } from '../support/former-documents.ts'

const { client: s3 } = await startS3()
const PREFIX = 'arn:aws:states:eu-west-1:111122223333'
const RUN = { arn: `${PREFIX}:execution:dayfold:run-1`, name: 'run-1' }
const { published } = formerManifest()

/** Returns a target whose Step Functions answers with this, or throws it. */
function answering(answer: object): Target {
  const send = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer))
  const stateMachineArn = `${PREFIX}:stateMachine:dayfold`
  return { clients: { s3, sfn: { send } }, dataBucket: 'data', stateMachineArn } as unknown as Target
}

test.each([
  [undefined, {}],
  ['{}', {}],
  ['{"from":"x","dryRun":false,"scheduledAt":"x","more":1}', { from: 'x', dryRun: false }],
])('of the input %s, the request has the fields that are known and given', async (input, request) => {
  const target = answering({ executionArn: RUN.arn, input })
  expect(await knownExecution(target, 'run-1')).toStrictEqual({ execution: RUN, request })
})

test.each([
  ['ExecutionDoesNotExist', 'InvalidInput'],
  ['InvalidArn', 'InvalidInput'],
  ['AccessDeniedException', undefined],
])('if Step Functions answers %s, the code of the error is %s', async (name, code) => {
  const error = Object.assign(new Error('no'), { name })
  const found: unknown = await knownExecution(answering(error), 'run-1').catch((thrown: unknown) => thrown)
  expect((found as { readonly code?: string }).code).toBe(code)
  if (code === undefined) expect(found).toBe(error)
})

test('the days that an execution has left are those that it has not published', async () => {
  const target = answering({ status: 'FAILED' })
  const data = dataOf(target)
  expect(await daysLeft(target, RUN)).toEqual([])
  const put = async (date: string, execution: string | undefined, isPublished: boolean) => {
    const day = { dataset: 'jobs', date }
    const manifest = { published: { ...published!, date, attempt: date }, intent: null }
    if (isPublished) await writeManifest(data, day, manifest, undefined)
    if (execution === undefined) return
    const attempt = { token: date, kind: 'extend', execution, startedAt: date, why: 'new day' } as const
    await putObject(data, attemptKey('jobs', date), encodeAttempt(attempt))
  }
  await put('2024-01-01', RUN.arn, true)
  await put('2024-01-02', `${RUN.arn}0`, true)
  await put('2024-01-03', RUN.arn, false)
  await put('2024-01-04', undefined, true)
  const days = ['04', '03', '02', '01'].map((day) => ({ dataset: 'jobs', date: `2024-01-${day}` }))
  const other = { dataset: 'clicks', date: '2024-01-01' }
  const items = [...days, other].map((day) => ({ ...day, mode: 'rebuild' }))
  await putObject(data, itemsKey(RUN.name), JSON.stringify(items))
  expect(await daysLeft(target, RUN)).toEqual([...days.slice(0, 3), other])
  await putObject(data, itemsKey(RUN.name), '[]')
  expect(await daysLeft(target, RUN)).toEqual([])
})

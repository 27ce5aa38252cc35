import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { causeInWords } from '../../client/executions.ts'
import { followExecution, type ExecutionSnapshot } from '../../client/follow.ts'
import { deployLocally, type LocalDayfold } from '../../local/deploy.ts'
import { dayfold } from '../support/acceptance/dayfold.ts'
import { temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'

describe('an execution that somebody starts with a bad input fails in Plan with a clear cause', () => {
  let aws: LocalDayfold

  beforeAll(async () => {
    const projectRoot = join(import.meta.dirname, '../..')
    aws = await deployLocally({ projectRoot, home: temporaryFolder(), registry: TEST_REGISTRY, mode: 'run' })
  })

  afterAll(() => aws.close())

  test.each([
    [{ form: '2024-01-01' }, 'InvalidInput', 'unknown field "form": expected one of from, to, '],
    [{ from: '2024-02-02', to: '2024-02-01' }, 'InvalidInput', 'expected a day not after "to" (2024-02-01)'],
    [
      { from: '2024-02-30', to: '2024-03-01' },
      'InvalidInput',
      '"from": expected an existing day as YYYY-MM-DD',
    ],
    [{ datasets: ['readigns'] }, 'UnknownDataset', 'found "readigns"'],
    [{ from: '2020-01-01', to: '2024-01-01' }, 'TooManyDays', 'expected at most 1100 dataset-days'],
  ])('%j', async (input, error, message) => {
    const { clients, stateMachineArn } = aws.target
    const started = await clients.sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    )
    const execution = { arn: started.executionArn!, name: started.executionArn!.split(':').at(-1)! }
    let last: ExecutionSnapshot | undefined
    for await (const snapshot of followExecution(aws.target, execution, { pollSeconds: 0.05 }))
      last = snapshot
    expect(last).toMatchObject({ status: 'FAILED', error })
    expect(causeInWords(last!.cause!)).toContain(message)
  })
})

describe('the command line refuses it before anything is started', () => {
  const home = temporaryFolder()
  const common = ['--home', home, '--datasets', TEST_REGISTRY]

  test.each([
    ['an unknown dataset', ['--dataset', 'readigns'], 'found "readigns"'],
    [
      'more than 1,100 dataset-days',
      ['--from', '2020-01-01', '--to', '2024-01-01'],
      'expected at most 1100 dataset-days',
    ],
  ])('%s', async (_, args, message) => {
    const { code, stderr, stdout } = await dayfold('run', ...args, ...common)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  test('a folder of raw data that holds no dataset', async () => {
    const raw = temporaryFolder()
    mkdirSync(join(raw, 'readigns/2024/03/01'), { recursive: true })
    const range = ['--from', '2024-03-01', '--to', '2024-03-01']
    const { code, stderr, stdout } = await dayfold('run', '--raw', raw, ...range, ...common)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/expected .*readings\/YYYY\/MM\/DD.* in it, found .*readigns/)
  })
})

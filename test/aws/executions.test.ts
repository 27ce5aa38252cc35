import { expect, it } from 'vitest'
import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { createFaults } from '@dayfold/local-aws/faults'
import { CALL, ended, MACHINE_ARN, stepFunctions } from '@dayfold/local-aws/test-support/states'
import { executionStatus } from '../../aws/executions.ts'
import { latch } from '@dayfold/local-aws/test-support/latch'

const definition = { StartAt: 'Work', States: { Work: { Type: 'Task', Resource: CALL, End: true } } }

it('an execution runs until it is over', async () => {
  const work = latch()
  const { client } = await stepFunctions({ definition, call: () => work.opened.then(() => null) })
  const isRunning = executionStatus(client)
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE_ARN }))
  expect(await isRunning(executionArn!)).toBe(true)
  work.open()
  await ended(client, executionArn!)
  expect(await isRunning(executionArn!)).toBe(false)
})

it('an execution that Step Functions has forgotten is over', async () => {
  const { client } = await stepFunctions({ definition })
  const forgotten = MACHINE_ARN.replace('stateMachine', 'execution') + ':of-last-year'
  expect(await executionStatus(client)(forgotten)).toBe(false)
})

it('an execution that cannot be asked for is not taken to be over', async () => {
  const fault = { kind: 'error', code: 'AccessDeniedException', status: 400 } as const
  const faults = createFaults({ rules: [{ operation: 'DescribeExecution', fault }] })
  const { client } = await stepFunctions({ definition, options: { faults } })
  await expect(executionStatus(client)(`${MACHINE_ARN}:x`)).rejects.toMatchObject({
    name: 'AccessDeniedException',
  })
})

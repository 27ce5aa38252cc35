import { expect, test } from 'vitest'
import { openStackAccess } from '../../stack/stack-access.ts'
import { authorizedLambda } from '../../stack/machine-access.ts'

const PLACE = { region: 'us-east-1', account: '000000000000' }
const PLAN = 'arn:aws:lambda:us-east-1:000000000000:function:plan'
const ROLE = 'arn:aws:iam::000000000000:role/flow'

/** Invokes a function as a state machine that may invoke `resource`. */
function invokeWith(resource: string, nameOrArn: string) {
  const statements = [{ Effect: 'Allow' as const, Action: 'lambda:InvokeFunction', Resource: resource }]
  const roles = [{ name: 'flow', arn: ROLE, trustedServices: ['states.amazonaws.com'], statements }]
  const stateMachines = [{ name: 'flow', arn: 'flow', definition: {}, role: ROLE }]
  const { authorize, machine } = openStackAccess({
    deployment: { roles, functions: [], versions: [], stateMachines, crawlers: [] },
    place: PLACE,
    administrators: [],
  })
  const runtime = { invoke: () => Promise.resolve({ payload: 'answer' }) }
  const invoker = authorizedLambda(runtime, { authorize, caller: machine, place: PLACE })
  return (async () => (await invoker.invoke(nameOrArn, {})).payload)()
}

test.each([
  [PLAN, PLAN],
  [PLAN, 'plan'],
  [`${PLAN}:*`, `${PLAN}:7`],
  [`${PLAN}:*`, 'plan:7'],
  [`${PLAN}:7`, `${PLAN}:7`],
])('who may invoke %s may invoke %s', async (resource, invoked) => {
  expect(await invokeWith(resource, invoked)).toBe('answer')
})

test.each([
  [PLAN, `${PLAN}:7`],
  [`${PLAN}:*`, PLAN],
  [`${PLAN}:6`, 'plan:7'],
])('who may invoke %s may not invoke %s', async (resource, invoked) => {
  await expect(invokeWith(resource, invoked)).rejects.toMatchObject({ name: 'Lambda.AWSLambdaException' })
})

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeDeployed } from '../../cloudformation/deployed.ts'
import { resolveTemplate, type Template } from '../../cloudformation/template.ts'
import { temporaryHome } from '../support/home.ts'

const PLACE = { region: 'us-east-1', account: '000000000000' }
const ARN = `arn:aws:lambda:us-east-1:000000000000:function:plan`

interface Release {
  readonly code: string
  readonly environment?: object
  readonly timeout?: number
  readonly versions: Readonly<Record<string, 'Retain' | 'Delete'>>
}

function templateOf({ code, environment, timeout = 60, versions }: Release): Template {
  const plan = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'plan',
      Code: { S3Key: `${code}.zip` },
      Handler: 'index.handler',
      Timeout: timeout,
      Environment: { Variables: environment },
    },
  }
  const published = Object.entries(versions).map(([id, DeletionPolicy]) => {
    return [
      id,
      { Type: 'AWS::Lambda::Version', DeletionPolicy, Properties: { FunctionName: { Ref: 'Plan' } } },
    ]
  })
  const Outputs = Object.fromEntries(Object.keys(versions).map((id) => [id, { Value: { Ref: id } }]))
  const versionsById = Object.fromEntries(published) as Template['Resources']
  return { Resources: { Plan: plan, ...versionsById }, Outputs }
}

const resolve = (home: string, release: Release, directory = home) => {
  mkdirSync(join(directory, release.code), { recursive: true })
  const files = {
    code: {
      source: { path: release.code },
      destinations: { here: { objectKey: `${release.code}.zip` } },
    },
  }
  return resolveTemplate(templateOf(release), { ...PLACE, home, directory, assets: { files } })
}

/** Deploys releases one after another and returns the last deployment. */
function deploy(home: string, ...releases: Release[]) {
  const all = releases.map((release) => {
    const deployment = resolve(home, release)
    writeDeployed(home, deployment)
    return deployment
  })
  return all.at(-1)!
}

test('Ref of a version is the ARN of its function with the number that the home gives', () => {
  const home = temporaryHome()
  expect(deploy(home, { code: 'a', versions: { V1: 'Retain' } }).outputs).toEqual({ V1: `${ARN}:1` })
  const second = deploy(home, { code: 'b', versions: { V2: 'Retain' } })
  expect(second.outputs).toEqual({ V2: `${ARN}:2` })
})

test('GetAtt gives number and ARN', () => {
  const template = templateOf({ code: 'a', versions: { V: 'Retain' } })
  const files = { code: { source: { path: 'a' }, destinations: { here: { objectKey: 'a.zip' } } } }
  const Outputs = {
    Number: { Value: { 'Fn::GetAtt': ['V', 'Version'] } },
    Arn: { Value: { 'Fn::GetAtt': ['V', 'FunctionArn'] } },
  }
  const options = { ...PLACE, directory: '/', assets: { files } }
  expect(resolveTemplate({ ...template, Outputs }, options).outputs).toEqual({ Number: '1', Arn: `${ARN}:1` })
})

test('the same version stays what it is, though its code stands elsewhere by now', () => {
  const home = temporaryHome()
  const release = { code: 'a', versions: { V: 'Retain' } } as const
  deploy(home, release)
  const again = resolve(home, release, join(home, 'elsewhere'))
  expect(again.versions).toMatchObject([{ arn: `${ARN}:1`, directory: join(home, 'elsewhere/a') }])
})

test('other code, or another logical id, gets the next number', () => {
  const home = temporaryHome()
  deploy(home, { code: 'a', versions: { V: 'Retain' } }, { code: 'b', versions: { V: 'Retain' } })
  const { outputs } = deploy(home, { code: 'b', versions: { V: 'Retain', W: 'Retain' } })
  expect(outputs).toEqual({ V: `${ARN}:2`, W: `${ARN}:3` })
})

test('a retained version keeps what it was published with, beside the new one', () => {
  const home = temporaryHome()
  const { versions, functions } = deploy(
    home,
    { code: 'a', environment: { X: 'old' }, timeout: 60, versions: { V1: 'Retain' } },
    { code: 'b', environment: { X: 'new' }, timeout: 90, versions: { V2: 'Retain' } },
  )
  expect(versions).toMatchObject([
    {
      arn: `${ARN}:2`,
      name: 'plan',
      directory: join(home, 'b'),
      environment: { X: 'new' },
      timeoutSeconds: 90,
    },
    {
      arn: `${ARN}:1`,
      name: 'plan',
      directory: join(home, 'a'),
      environment: { X: 'old' },
      timeoutSeconds: 60,
    },
  ])
  expect(functions).toMatchObject([{ arn: ARN, directory: join(home, 'b') }])
})

test('going back to an earlier release publishes it anew', () => {
  const home = temporaryHome()
  const [old, next] = [
    { code: 'a', versions: { V1: 'Retain' } },
    { code: 'b', versions: { V2: 'Retain' } },
  ] as const
  const { outputs, versions } = deploy(home, old, next, old)
  expect(outputs).toEqual({ V1: `${ARN}:3` })
  expect(versions.map(({ arn }) => arn)).toEqual([3, 2, 1].map((number) => `${ARN}:${number}`))
})

test('a version that is not retained goes, and its number is not given again', () => {
  const home = temporaryHome()
  const { versions } = deploy(
    home,
    { code: 'a', versions: { V1: 'Delete' } },
    { code: 'a', versions: {} },
    { code: 'a', versions: { V1: 'Retain' } },
  )
  expect(versions.map(({ arn }) => arn)).toEqual([`${ARN}:2`])
})

test('a version of no function of the template is refused', () => {
  const Version = { Type: 'AWS::Lambda::Version', Properties: { FunctionName: 'other' } }
  expect(() => resolveTemplate({ Resources: { Version } }, { ...PLACE, directory: '/', assets: {} })).toThrow(
    'Version/FunctionName: expected a function of the template, found other',
  )
})

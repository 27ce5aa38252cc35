import { App, Stack } from 'aws-cdk-lib/core'
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { describe, expect, it } from 'vitest'
import { checkSizes, refuseOversize, sizesOf } from '../../../lib/constructs/size-limits.ts'
import { describedDatasets, synthesizeStack, type Synthesized } from '../../support/synthesized.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `some_dataset_${index}`)
const sizes = ({ template, data }: Synthesized) =>
  [template, data].flatMap((each) => {
    const json = each.toJSON()
    return sizesOf(json, JSON.stringify(json).length)
  })
const largest = (stack: Synthesized, limit: string) =>
  Math.max(...sizes(stack).flatMap((size) => (size.limit === limit ? [size.found] : [])))

describe('any number of datasets', () => {
  const few = synthesizeStack({}, describedDatasets(...numbered(2)))
  const many = synthesizeStack(
    { datasets: Object.fromEntries(numbered(200).map((name) => [name, { lookbackDays: 4 }])) },
    describedDatasets(...numbered(200)),
  )

  it('take no more room in policies than a few do', () => {
    for (const limit of ['managedPolicyCharacters', 'inlinePolicyCharacters']) {
      expect(largest(many, limit)).toBeLessThan(Math.max(largest(few, limit), 0) + 2000)
    }
  })

  it('fit into the stacks up to 200 and more', () => {
    expect(largest(many, 'resources')).toBeLessThan(480)
    expect(largest(many, 'templateBytes')).toBeLessThan(600_000)
  })
})

/** Synthesizes a stack that a team's own app makes. */
function stackOf(fill: (stack: Stack) => void): () => unknown {
  const app = new App()
  const stack = new Stack(app, 'Team')
  fill(stack)
  refuseOversize(stack)
  return () => app.synth()
}

const statement = (characters: number) =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: ['s3:GetObject'],
    resources: ['x'.repeat(characters)],
  })

describe('synth', () => {
  it('refuses a managed policy by logical id and size, and passes one that just fits', () => {
    const around = JSON.stringify({
      Statement: [{ Action: 's3:GetObject', Effect: 'Allow', Resource: '' }],
      Version: '2012-10-17',
    }).length
    const policyOf = (characters: number) =>
      stackOf((stack) => {
        new ManagedPolicy(stack, 'Wide', { statements: [statement(characters - around)] })
      })
    expect(policyOf(6144)).not.toThrow()
    expect(policyOf(6145)).toThrow(/Stack Team: .*Wide\w+: managedPolicyCharacters 6145 of at most 6144/)
    expect(policyOf(6145)).toThrow(expect.objectContaining({ code: 'InvalidConfiguration' }) as Error)
  })

  it('counts the inline policies of a role together', () => {
    const Roles = [{ Ref: 'Role' }]
    const half = { PolicyDocument: { Statement: [{ Resource: 'x'.repeat(5200) }] }, Roles }
    const template = {
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'named' } },
        One: { Type: 'AWS::IAM::Policy', Properties: half },
        Other: { Type: 'AWS::IAM::Policy', Properties: half },
      },
    }
    expect(() => checkSizes('Team', sizesOf(template, 0))).toThrow('Role (named): inlinePolicyCharacters 104')
    const Resources = { Role: template.Resources.Role, One: template.Resources.One }
    expect(() => checkSizes('Team', sizesOf({ Resources }, 0))).not.toThrow()
  })

  it('refuses more resources and outputs, and a larger template, than CloudFormation takes', () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, each) => [`R${each}`, { Type: 'AWS::SNS::Topic' }]),
      )
    const check = (resources: number, outputs: number, bytes: number) => () =>
      checkSizes('Team', sizesOf({ Resources: many(resources), Outputs: many(outputs) }, bytes))
    expect(check(500, 200, 1_000_000)).not.toThrow()
    expect(check(501, 200, 1)).toThrow('the template: resources 501 of at most 500. Divide the datasets')
    expect(check(1, 201, 1)).toThrow('outputs 201 of at most 200')
    expect(check(1, 1, 1_000_001)).toThrow('templateBytes 1000001 of at most 1000000')
  })
})

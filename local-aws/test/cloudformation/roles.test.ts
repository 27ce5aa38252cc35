import { expect, test } from 'vitest'
import { resolveTemplate, type Template } from '../../cloudformation/template.ts'

const rolesOf = (Resources: Template['Resources']) =>
  resolveTemplate(
    { Resources },
    { region: 'us-east-1', account: '000000000000', names: { Store: 'data' }, directory: '/', assets: {} },
  ).roles

const trust = (Service: string) => ({
  Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service } }],
})
const role = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ...properties },
})
const read = (bucket: string) => ({
  Statement: {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/*']] },
  },
})

test('a role has the statements of its own policies and of those attached to it, references resolved', () => {
  const [plan, other] = rolesOf({
    Store: { Type: 'AWS::S3::Bucket' },
    PlanRole: role({ Policies: [{ PolicyName: 'own', PolicyDocument: read('Store') }] }),
    OtherRole: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess'] }),
    Attached: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        Roles: [{ Ref: 'PlanRole' }],
        PolicyDocument: { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] },
      },
    },
  })
  expect(plan).toEqual({
    name: 'plan-role',
    arn: 'arn:aws:iam::000000000000:role/plan-role',
    trustedServices: ['lambda.amazonaws.com'],
    statements: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' },
      { Effect: 'Deny', Action: '*', Resource: '*' },
    ],
  })
  expect(other!.statements).toHaveLength(1)
  expect(other!.statements[0]!.Action).toContain('xray:PutTraceSegments')
})

test.each([
  [{ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }, /AdministratorAccess/],
  [{ PermissionsBoundary: 'arn:aws:iam::aws:policy/X' }, /Role\/PermissionsBoundary/],
  [{ AssumeRolePolicyDocument: { Statement: [{ Effect: 'Deny' }] } }, /AssumeRolePolicyDocument.*Deny/],
])('%j, which is unknown here, is refused by name', (properties, message) => {
  expect(() => rolesOf({ Role: role(properties) })).toThrow(message)
})

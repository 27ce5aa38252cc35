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

const statements = (Resource: unknown) => ({
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource }],
})

test('managed policies of the template count, whoever names the other', () => {
  const managed = (Roles: unknown[], resource: string) => ({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { Roles, PolicyDocument: statements(resource) },
  })
  const [plan, other] = rolesOf({
    PlanRole: role({ ManagedPolicyArns: [{ Ref: 'Named' }] }),
    OtherRole: role(),
    Named: managed([], 'a'),
    Naming: managed([{ Ref: 'PlanRole' }], 'b'),
  })
  expect(plan!.statements.map(({ Resource }) => Resource)).toEqual(['a', 'b'])
  expect(other!.statements).toEqual([])
})

/** Returns a policy of that many characters, as IAM counts them. */
function policyOf(characters: number) {
  const empty = JSON.stringify(statements('')).length
  return statements('x'.repeat(characters - empty))
}
const attached = (Type: string, characters: number) => ({
  Type,
  Properties: { Roles: [{ Ref: 'PlanRole' }], PolicyDocument: policyOf(characters) },
})
const [INLINE, MANAGED] = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'] as const
const own = (characters: number) =>
  role({ Policies: [{ PolicyName: 'own', PolicyDocument: policyOf(characters) }] })

test.each([
  [
    'a managed policy',
    { PlanRole: role(), Big: attached(MANAGED, 6145) },
    /Big: .*PolicySize: 6144; found 6145/,
  ],
  [
    'inline policies together',
    { PlanRole: own(5240), A: attached(INLINE, 5001) },
    /PlanRole: Maximum policy size of 10240 bytes exceeded for role plan-role; found 10241/,
  ],
  [
    'a trust policy',
    { PlanRole: role({ AssumeRolePolicyDocument: trust('x'.repeat(2048)) }) },
    /PlanRole: .*ACLSizePerRole: 2048; found 21\d\d/,
  ],
  [
    'how many managed policies',
    {
      PlanRole: role(),
      ...Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`P${i}`, attached(MANAGED, 200)])),
    },
    /PlanRole: .*PoliciesPerRole: 10; found 11/,
  ],
])('%s beyond the limit of IAM is refused with name and size', (_what, resources, message) => {
  expect(() => rolesOf(resources)).toThrow(message)
  expect(() => rolesOf(resources)).toThrow(expect.objectContaining({ code: 'LimitExceeded' }))
})

test('policies of the sizes that IAM takes just so are taken', () => {
  const managed = { Big: attached(MANAGED, 6144) }
  expect(rolesOf({ PlanRole: own(5240), A: attached(INLINE, 5000), ...managed })).toHaveLength(1)
})

test.each([
  [{ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }, /AdministratorAccess/],
  [{ PermissionsBoundary: 'arn:aws:iam::aws:policy/X' }, /Role\/PermissionsBoundary/],
  [{ AssumeRolePolicyDocument: { Statement: [{ Effect: 'Deny' }] } }, /AssumeRolePolicyDocument.*Deny/],
])('%j, which is unknown here, is refused by name', (properties, message) => {
  expect(() => rolesOf({ Role: role(properties) })).toThrow(message)
})

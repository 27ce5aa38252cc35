import { expect, test } from 'vitest'
import { compilePolicy, statementsOf } from '../../iam/policy.ts'

const policyOf = (...Statement: object[]) =>
  compilePolicy(statementsOf('Test', { Version: '2012-10-17', Statement }))
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})
const OBJECT = 'arn:aws:s3:::data/processed/jobs/part.parquet'

test('what no statement allows is not allowed', () => {
  const decide = policyOf(allow('s3:GetObject', 'arn:aws:s3:::data/processed/*'))
  expect(decide('s3:GetObject', OBJECT, undefined)).toBe('allowed')
  expect(decide('s3:PutObject', OBJECT, undefined)).toBe('not allowed')
  expect(decide('s3:GetObject', 'arn:aws:s3:::data/state/x', undefined)).toBe('not allowed')
  expect(decide('s3:GetObject', 'arn:aws:s3:::other/processed/x', undefined)).toBe('not allowed')
})

test.each([
  ['arn:aws:s3:::data/processed/*', true],
  ['arn:aws:s3:::data/processed/jobs/part.parquet', true],
  ['arn:aws:s3:::data/*/part.parquet', true],
  ['arn:aws:s3:::dat?/processed/jobs/part.p*', true],
  ['arn:aws:s3:::dat?/processed', false],
  ['arn:aws:s3:::data/processed/jobs/part_parquet', false],
  ['arn:aws:s3:::data/processed/jobs/par.parquet', false],
  ['*', true],
])('the resource pattern %s fits: %s', (pattern, fits) => {
  const decide = policyOf(allow('s3:GetObject', pattern))
  expect(decide('s3:GetObject', OBJECT, undefined)).toBe(fits ? 'allowed' : 'not allowed')
})

test('an action matches in any case and by wildcards, and nothing longer than itself', () => {
  const decide = policyOf(allow(['S3:getobject', 'glue:Get*'], '*'))
  expect(decide('s3:GetObject', OBJECT, undefined)).toBe('allowed')
  expect(decide('s3:GetObjectTagging', OBJECT, undefined)).toBe('not allowed')
  expect(decide('glue:GetPartitions', '*', undefined)).toBe('allowed')
  expect(decide('glue:UpdatePartition', '*', undefined)).toBe('not allowed')
})

test('a deny stands above every allow, before and after it', () => {
  const deny = { Effect: 'Deny', NotAction: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' }
  for (const statements of [
    [allow('s3:*', '*'), deny],
    [deny, allow('s3:*', '*')],
  ]) {
    const decide = policyOf(...statements)
    expect(decide('s3:PutObject', OBJECT, undefined)).toBe('denied')
    expect(decide('s3:GetObject', OBJECT, undefined)).toBe('allowed')
    expect(decide('s3:PutObject', 'arn:aws:s3:::other/x', undefined)).toBe('allowed')
  }
})

test('NotResource is everything else', () => {
  const decide = policyOf({ Effect: 'Allow', Action: 's3:GetObject', NotResource: ['arn:aws:s3:::data/*'] })
  expect(decide('s3:GetObject', OBJECT, undefined)).toBe('not allowed')
  expect(decide('s3:GetObject', 'arn:aws:s3:::raw/x', undefined)).toBe('allowed')
})

test('a condition holds only when the request has its key with one of its values', () => {
  const Condition = { StringEquals: { 'iam:PassedToService': ['sagemaker.amazonaws.com', 'x'] } }
  const decide = policyOf(allow('iam:PassRole', '*', { Condition }))
  expect(decide('iam:PassRole', 'role', { 'iam:PassedToService': 'sagemaker.amazonaws.com' })).toBe('allowed')
  expect(decide('iam:PassRole', 'role', { 'iam:PassedToService': 'ec2.amazonaws.com' })).toBe('not allowed')
  expect(decide('iam:PassRole', 'role', undefined)).toBe('not allowed')
  const like = policyOf(allow('s3:ListBucket', '*', { Condition: { StringLike: { 'S3:Prefix': 'runs/*' } } }))
  expect(like('s3:ListBucket', 'b', { 's3:prefix': 'runs/1/' })).toBe('allowed')
  expect(like('s3:ListBucket', 'b', { 's3:prefix': 'state/' })).toBe('not allowed')
})

test.each([
  ['an operator', { Condition: { NumericLessThan: { 's3:max-keys': '10' } } }, /found "NumericLessThan"/],
  ['a policy variable', { Resource: 'arn:aws:s3:::data/${aws:username}/*' }, /aws:username/],
  ['an element', { Principal: '*' }, /Principal/],
  ['neither Action nor NotAction', { Action: undefined }, /one of Action, NotAction/],
])('%s that is unknown here is refused by name', (_what, change, message) => {
  expect(() => policyOf({ ...allow('s3:GetObject', '*'), ...change })).toThrow(message)
})

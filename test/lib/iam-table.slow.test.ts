import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { iamTable } from '../../lib/iam-table.ts'
import { iamPage } from '../support/docs/iam-page.ts'

it('docs/iam.md is what the template gives: else run npm run docs', () => {
  expect(readFileSync(join(PROJECT_ROOT, 'docs/iam.md'), 'utf8')).toBe(iamPage())
})

it('docs/iam.md has names and placeholders, no functions of CloudFormation', () => {
  const page = iamPage()
  expect(page).not.toMatch(/Fn::|AWS::|Ref"|\$\{/)
  expect(new Set(page.match(/<[^>]*>/g))).toEqual(
    new Set(['<account>', '<region>', '<partition>', '<version>']),
  )
  expect(page).toContain('| JobRoleArn | `dayfold-job-<region>` | `sagemaker.amazonaws.com` |')
  expect(page).toContain(':repository/cdk-hnb659fds-container-assets-<account>-<region>`')
  expect(page).toContain(':execution:dayfold:*`')
})

it('there is no table of a statement without a reason', () => {
  const templateOf = (Action: string) => ({
    Resources: {
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
        },
      },
    },
  })
  expect(iamTable(templateOf('sagemaker:ListTags'))).toContain('| Role | `sagemaker:ListTags` | `*` |')
  expect(() => iamTable(templateOf('s3:ListAllMyBuckets'))).toThrow('Role: expected a reason for')
})

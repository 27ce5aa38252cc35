import type { Stack } from 'aws-cdk-lib/core'
import { DayfoldError } from '../../core/errors.ts'

/** Limits of AWS; the stricter number where a unit may be read in two ways. */
const LIMITS = {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, which does not count white space.
  managedPolicyCharacters: 6144,
  inlinePolicyCharacters: 10_240,
  managedPoliciesOfRole: 10,
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (1 MB in S3)
  templateBytes: 1_000_000,
  resources: 500,
  outputs: 200,
  parameters: 200,
} as const

/** Size of a template, a policy or a role that AWS limits. */
export interface Size {
  /** Name of the limit. */
  readonly limit: keyof typeof LIMITS
  /** Measured size, in the unit of the limit. */
  readonly found: number
  /** Logical id of the policy or role, followed by its name if it has one; empty for the template. */
  readonly of: string
}

interface TemplateResource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
}

/** Parts of a CloudFormation template for which AWS has limits. */
export interface CloudFormationTemplate {
  readonly Resources?: Readonly<Record<string, TemplateResource>>
  readonly Outputs?: object
  readonly Parameters?: object
}

/**
 * Measures everything in a CloudFormation template that AWS limits: the template itself, and its policies and roles.
 *
 * @param bytes size of the template as it is uploaded
 */
export function sizesOf(template: CloudFormationTemplate, bytes: number): Size[] {
  const { Resources = {}, Outputs = {}, Parameters = {} } = template
  return [
    { limit: 'templateBytes', found: bytes, of: '' },
    { limit: 'resources', found: Object.keys(Resources).length, of: '' },
    { limit: 'outputs', found: Object.keys(Outputs).length, of: '' },
    { limit: 'parameters', found: Object.keys(Parameters).length, of: '' },
    ...Object.entries(Resources).flatMap(([id, resource]) => policySizes(id, resource, Resources)),
  ]
}

function policySizes(
  id: string,
  { Type, Properties = {} }: TemplateResource,
  all: Readonly<Record<string, TemplateResource>>,
): Size[] {
  if (Type === 'AWS::IAM::ManagedPolicy')
    return [{ limit: 'managedPolicyCharacters', found: characters(Properties.PolicyDocument), of: id }]
  if (Type !== 'AWS::IAM::Role') return []
  const own = (Properties.Policies ?? []) as readonly { readonly PolicyDocument: unknown }[]
  const attached = (type: string) =>
    Object.values(all).filter(({ Type, Properties }) => Type === type && isAttached(Properties?.Roles, id))
  const inline = [...own, ...attached('AWS::IAM::Policy').map(({ Properties }) => Properties!)]
  const managed = (Properties.ManagedPolicyArns ?? []) as readonly unknown[]
  const sum = inline.reduce((total: number, policy) => total + characters(policy.PolicyDocument), 0)
  const of = typeof Properties.RoleName === 'string' ? `${id} (${Properties.RoleName})` : id
  return [
    { limit: 'inlinePolicyCharacters', found: sum, of },
    {
      limit: 'managedPoliciesOfRole',
      found: managed.length + attached('AWS::IAM::ManagedPolicy').length,
      of,
    },
  ]
}

const isAttached = (roles: unknown, id: string) =>
  Array.isArray(roles) && roles.some((role) => (role as { readonly Ref?: string }).Ref === id)

/** Longest values of pseudo parameters: names of roles and functions have at most 64 characters, regions about 14. */
const LONGEST: Readonly<Record<string, number>> = {
  'AWS::Partition': 10,
  'AWS::Region': 14,
  'AWS::AccountId': 12,
  'AWS::URLSuffix': 16,
}
const LONGEST_REFERENCE = 110

/** Counts the characters of a policy as IAM does, with references at their longest. */
function characters(document: unknown): number {
  return JSON.stringify(spelled(document)).replaceAll(/\s/g, '').length
}

function spelled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spelled)
  if (typeof value !== 'object' || value === null) return value
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>
  if (typeof Ref === 'string') return 'x'.repeat(LONGEST[Ref] ?? LONGEST_REFERENCE)
  if (attribute !== undefined) return 'x'.repeat(LONGEST_REFERENCE)
  if (Array.isArray(join)) return (spelled(join[1]) as unknown[]).join(join[0] as string)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, spelled(each)]))
}

/** Advice for a size over its limit. */
const ADVICE: Readonly<Record<keyof typeof LIMITS, string>> = {
  managedPolicyCharacters: 'Give the datasets raw prefixes that begin alike',
  inlinePolicyCharacters: 'Give the datasets raw prefixes that begin alike',
  managedPoliciesOfRole: 'Give the datasets raw prefixes that begin alike',
  templateBytes: 'Divide the datasets among several deployments, each of a name and a registry of its own',
  resources: 'Divide the datasets among several deployments, each of a name and a registry of its own',
  outputs: 'Leave outputs out',
  parameters: 'Leave parameters out',
}

/**
 * Throws if a stack exceeds limits of CloudFormation or IAM, which would otherwise refuse it in the middle of a
 * deployment.
 *
 * @throws DayfoldError InvalidConfiguration naming what is too large, its size, the limit and what to do
 */
export function checkSizes(stackName: string, sizes: readonly Size[]): void {
  const tooLarge = sizes.filter(({ limit, found }) => found > LIMITS[limit])
  if (tooLarge.length === 0) return
  const problems = tooLarge.map(
    ({ limit, found, of }) =>
      `${of === '' ? 'the template' : of}: ${limit} ${found} of at most ${LIMITS[limit]}`,
  )
  const advice = [...new Set(tooLarge.map(({ limit }) => ADVICE[limit]))].join('. ')
  throw new DayfoldError(
    'InvalidConfiguration',
    `Stack ${stackName}: expected what AWS takes, found ${problems.join('; ')}. ${advice}.`,
  )
}

/** Makes synth fail if a stack exceeds limits of CloudFormation or IAM, whichever app the stack belongs to. */
export function refuseOversize(stack: Stack): void {
  stack.node.addValidation({
    validate: () => {
      // CDK has no public way to a template before it is written. Its size is that of the file without indentation.
      const rendered = (stack as unknown as { _toCloudFormation(): unknown })._toCloudFormation()
      const template = stack.resolve(rendered) as CloudFormationTemplate
      checkSizes(stack.stackName, sizesOf(template, Buffer.byteLength(JSON.stringify(template))))
      return []
    },
  })
}

/** Describes the size of a stack's template and of its largest policies, each with its limit, in one line. */
export function sizesText(stackName: string, sizes: readonly Size[]): string {
  const largest = Object.entries(LIMITS).flatMap(([limit, most]) => {
    const ofLimit = sizes.filter((size) => size.limit === limit && size.found > 0)
    const [first] = ofLimit.sort((left, right) => right.found - left.found)
    return first ? [`${limit} ${first.found} of ${most}${first.of && ` (${first.of})`}`] : []
  })
  return `${stackName}: ${largest.join(', ')}`
}

import { LocalAwsError } from '../errors.ts'
import type { Place } from '../protocol/place.ts'
import type { AssetManifest } from './assets.ts'
import { RESOURCE_TYPES } from './resource-types.ts'
import { resolver, type Resolve } from './resolve.ts'
import type { Properties, Template } from './types.ts'

/** A stack to deploy: the template that `cdk synth` wrote, and the files that belong to it. */
export interface Stack {
  readonly template: Template
  /** Folder that `cdk synth` wrote to; paths of assets are relative to it. */
  readonly directory: string
  /** Content of `<stack>.assets.json`, parsed. */
  readonly assets: AssetManifest
  /** Names of resources on this machine, by logical id. @default names in the template, else made-up ones */
  readonly names?: Readonly<Record<string, string>> | undefined
}

/** A resource of one of the deployed stacks. */
export interface StackResource<S extends Stack = Stack> {
  /** Logical id: the resource's name in the template. */
  readonly id: string
  /** Type, such as `AWS::S3::Bucket`. */
  readonly type: string
  /** True if the resource stays when a later template drops it: its DeletionPolicy begins with Retain. */
  readonly isRetained: boolean
  readonly stack: S
  readonly resolve: Resolve
  /**
   * Properties with references resolved. They are resolved anew at each access, which can throw LocalAwsError
   * NotImplemented.
   */
  readonly properties: Properties
}

/** Returns all resources of a CloudFormation type, stack by stack, in the order of the templates. */
export type OfType = (type: string) => readonly StackResource[]

/**
 * Prepares several stacks for deployment: gives access to the resources of all of them, and checks their types and
 * ARNs.
 *
 * @param versionArn returns the ARN of the `AWS::Lambda::Version` with a logical id in a stack
 * @throws LocalAwsError NotImplemented for a type of resource that the local AWS does not know, InvalidConfiguration
 * for two resources with the same ARN
 */
export function openStacks(
  stacks: readonly Stack[],
  place: Place,
  versionArn: (stack: Stack, logicalId: string) => string,
) {
  const opened = stacks.map((stack) => {
    const { template, names = {} } = stack
    const resolve = resolver(template, { ...place, names, versionArn: (id) => versionArn(stack, id) })
    return { stack, resolve }
  })
  const all = opened.flatMap(({ stack, resolve }) =>
    Object.entries(stack.template.Resources).map(([id, { Type, DeletionPolicy }]): StackResource => {
      checkType(id, Type)
      const isRetained = DeletionPolicy?.startsWith('Retain') ?? false
      const resource = { id, type: Type, isRetained, stack, resolve }
      return {
        ...resource,
        get properties() {
          return resolve.propertiesOf(id)
        },
      }
    }),
  )
  checkNames(all)
  const ofType: OfType = (type) => all.filter((resource) => resource.type === type)
  return { opened, all, ofType }
}

function checkType(id: string, type: string): void {
  if (Object.hasOwn(RESOURCE_TYPES, type)) return
  const known = Object.keys(RESOURCE_TYPES).join(', ')
  throw new LocalAwsError(
    'NotImplemented',
    `Template: ${id}: expected a resource of one of the types ${known}, found ${type}. ` +
      'Add it to local-aws/cloudformation/resource-types.ts.',
  )
}

function checkNames(resources: readonly StackResource[]): void {
  const ids = new Map<string, string>()
  for (const { id, type, resolve } of resources) {
    if (!RESOURCE_TYPES[type]!.arn) continue
    const arn = resolve.arnOf(id)
    const other = ids.get(arn)
    if (other !== undefined) {
      throw new LocalAwsError(
        'InvalidConfiguration',
        `Template: expected one resource ${arn}, found ${other} and ${id}.`,
      )
    }
    ids.set(arn, id)
  }
}

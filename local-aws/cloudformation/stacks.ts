import { LocalAwsError } from '../errors.ts'
import type { Place } from '../protocol/place.ts'
import type { AssetManifest } from './assets.ts'
import { RESOURCE_TYPES } from './resource-types.ts'
import { resolver, type Resolve } from './resolve.ts'
import type { Properties, Template } from './types.ts'

/** Synth's output for one stack. */
export interface Stack {
  readonly template: Template
  /** Folder that synth wrote to; paths of assets are relative to it. */
  readonly directory: string
  /** Content of `<stack>.assets.json`. */
  readonly assets: AssetManifest
  /** Local names by logical id. @default the names of the template */
  readonly names?: Readonly<Record<string, string>> | undefined
}

/** A resource of one of the stacks; `properties` are resolved each time they are read. */
export interface StackResource<S extends Stack = Stack> {
  readonly id: string
  readonly type: string
  readonly isRetained: boolean
  readonly stack: S
  readonly resolve: Resolve
  readonly properties: Properties
}

/** Returns the resources of a type, over all stacks, in the templates' order. */
export type OfType = (type: string) => readonly StackResource[]

/**
 * Opens templates that are deployed together and refer to each other by name.
 *
 * @param versionArn returns the ARN of a version by its stack and logical id
 * @throws LocalAwsError NotImplemented for a resource type that is unknown here, InvalidConfiguration for two resources
 * with the same ARN
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

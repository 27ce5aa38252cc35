import { join } from 'node:path'
import { LocalAwsError } from '../errors.ts'
import type { Role } from '../iam/role.ts'
import type { LambdaFunction } from '../lambda/runtime.ts'
import type { VersionedBucket } from '../s3/service.ts'
import { assetDirectories, type AssetManifest } from './assets.ts'
import { versionedBucket } from './buckets.ts'
import { resolver, type Resolve } from './resolve.ts'
import { rolesOf } from './roles.ts'
import type { Resource, Template } from './types.ts'

export type { AssetManifest } from './assets.ts'
export type { Template } from './types.ts'

export interface ResolveTemplateOptions {
  readonly region: string
  readonly account: string
  /** Local names by logical id, where the resource's own will not do. */
  readonly names?: Readonly<Record<string, string>>
  /** Folder that synth wrote: assets stand in it. */
  readonly directory: string
  /** `<stack>.assets.json` */
  readonly assets: AssetManifest
}

/** A function of the stack, ready to run here. */
export interface LocalFunction extends LambdaFunction {
  readonly logicalId: string
  /** ARN of the role that it runs with. */
  readonly role: string | undefined
}

/** The properties of a resource, references resolved. */
export type Properties = Readonly<Record<string, unknown>>

/** A rule of EventBridge and what it sends. */
export interface LocalRule {
  readonly name: string
  readonly schedule: string | undefined
  readonly isEnabled: boolean
  readonly targets: readonly {
    readonly arn: string
    /** Constant JSON that is sent, when the target names one. */
    readonly input?: string
    /** JSON with `<name>` for values of the event, and where they stand in it. */
    readonly inputTransformer?: {
      readonly template: string
      readonly paths: Readonly<Record<string, string>>
    }
  }[]
}

/** What a template deploys, as far as this machine runs it. */
export interface LocalDeployment {
  readonly functions: readonly LocalFunction[]
  readonly stateMachines: readonly {
    readonly name: string
    readonly arn: string
    readonly definition: unknown
    /** ARN of the role that it runs with. */
    readonly role: string | undefined
  }[]
  readonly databases: readonly string[]
  readonly tables: readonly {
    readonly database: string
    readonly input: Properties & { readonly Name: string }
  }[]
  readonly crawlers: readonly (Properties & { readonly Name: string })[]
  readonly workgroups: readonly (Properties & { readonly Name: string })[]
  readonly buckets: readonly string[]
  /** Those whose VersioningConfiguration is Enabled. */
  readonly versioned: readonly VersionedBucket[]
  /** Folders that images are built from, by image URI. */
  readonly images: readonly { readonly uri: string; readonly directory: string }[]
  readonly rules: readonly LocalRule[]
  readonly roles: readonly Role[]
  readonly outputs: Readonly<Record<string, unknown>>
}

/**
 * What a synthesized template deploys, with every reference resolved to local names and ARNs.
 *
 * @throws LocalAwsError NotImplemented naming a reference that cannot be resolved, or an asset that is not there
 */
export function resolveTemplate(template: Template, options: ResolveTemplateOptions): LocalDeployment {
  const { region, account, directory, assets, names = {} } = options
  const resolve = resolver(template, { region, account, names })
  const { files, images } = assetDirectories(assets, { region, account })
  const ofType = (type: string) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => ({ id, resource, properties: resolve.propertiesOf(id) }))

  return {
    functions: ofType('AWS::Lambda::Function').map(({ id, properties }) =>
      functionOf(id, properties, resolve, (key) => assetDirectory(files, key, directory)),
    ),
    stateMachines: ofType('AWS::StepFunctions::StateMachine').map(({ id, properties }) => ({
      name: resolve.nameOf(id),
      arn: resolve.arnOf(id),
      definition: definitionOf(id, properties),
      role: properties.RoleArn as string | undefined,
    })),
    databases: ofType('AWS::Glue::Database').map(({ id }) => resolve.nameOf(id)),
    tables: ofType('AWS::Glue::Table').map(({ id, properties }) => ({
      database: String(properties.DatabaseName),
      input: { ...(properties.TableInput as Properties), Name: resolve.nameOf(id) },
    })),
    crawlers: ofType('AWS::Glue::Crawler').map(({ id, properties }) => ({
      ...properties,
      Name: resolve.nameOf(id),
    })),
    workgroups: ofType('AWS::Athena::WorkGroup').map(({ id, properties }) => ({
      ...properties,
      Name: resolve.nameOf(id),
    })),
    buckets: ofType('AWS::S3::Bucket').map(({ id }) => resolve.nameOf(id)),
    versioned: ofType('AWS::S3::Bucket').flatMap(({ id, properties }) =>
      versionedBucket(resolve.nameOf(id), properties),
    ),
    images: [...images].map(([uri, source]) => ({ uri, directory: join(directory, source) })),
    rules: ofType('AWS::Events::Rule').map(({ id, properties }) => ruleOf(resolve.nameOf(id), properties)),
    roles: rolesOf(template, resolve),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {}).map(([id, { Value }]) => [
        id,
        resolve.value(Value, `Outputs/${id}`),
      ]),
    ),
  }
}

function functionOf(
  logicalId: string,
  properties: Properties,
  resolve: Resolve,
  assetOf: (key: string) => string,
): LocalFunction {
  const { S3Key } = properties.Code as { S3Key?: string }
  if (S3Key === undefined)
    throw notImplemented(`${logicalId}/Code`, 'an asset', JSON.stringify(properties.Code))
  const { Variables = {} } = (properties.Environment ?? {}) as { Variables?: Record<string, string> }
  return {
    logicalId,
    name: resolve.nameOf(logicalId),
    arn: resolve.arnOf(logicalId),
    directory: assetOf(S3Key),
    handler: String(properties.Handler),
    environment: Variables,
    timeoutSeconds: Number(properties.Timeout ?? 3),
    role: properties.Role as string | undefined,
  }
}

function assetDirectory(files: ReadonlyMap<string, string>, key: string, directory: string): string {
  const source = files.get(key)
  if (source !== undefined) return join(directory, source)
  throw notImplemented(`Asset ${key}`, 'an entry in the asset manifest', 'none')
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html */
function definitionOf(id: string, properties: Properties): unknown {
  const { DefinitionString, Definition, DefinitionSubstitutions = {} } = properties
  if (Definition !== undefined) return Definition
  if (typeof DefinitionString !== 'string') {
    throw notImplemented(`${id}/DefinitionString`, 'a definition in the template', 'none')
  }
  const substitutions = DefinitionSubstitutions as Record<string, string>
  const text = DefinitionString.replace(
    /\$\{([^}]+)\}/g,
    (whole, name: string) => substitutions[name] ?? whole,
  )
  return JSON.parse(text)
}

function ruleOf(name: string, properties: Properties): LocalRule {
  const targets = (properties.Targets ?? []) as {
    readonly Arn: string
    readonly Input?: string
    readonly InputTransformer?: {
      readonly InputTemplate: string
      readonly InputPathsMap?: Record<string, string>
    }
  }[]
  return {
    name,
    schedule: properties.ScheduleExpression as string | undefined,
    isEnabled: properties.State !== 'DISABLED',
    targets: targets.map(({ Arn, Input, InputTransformer }) => ({
      arn: Arn,
      ...(Input !== undefined && { input: Input }),
      ...(InputTransformer && {
        inputTransformer: {
          template: InputTransformer.InputTemplate,
          paths: InputTransformer.InputPathsMap ?? {},
        },
      }),
    })),
  }
}

function notImplemented(subject: string, expected: string, found: string): LocalAwsError {
  return new LocalAwsError('NotImplemented', `Template: ${subject}: expected ${expected}, found ${found}.`)
}

/** A resource of a template. */
export type { Resource }

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { AlarmDeclaration } from '../cloudwatch/alarms.ts'
import { LocalAwsError } from '../errors.ts'
import type { Role } from '../iam/role.ts'
import type { VersionedBucket } from '../s3/service.ts'
import { assetDirectories } from './assets.ts'
import { versionedBucket } from './buckets.ts'
import { readDeployed } from './deployed.ts'
import { functionOf, type LocalFunction, type LocalVersion } from './functions.ts'
import { RESOURCE_TYPES } from './resource-types.ts'
import { rolesOf } from './roles.ts'
import { ruleOf, type LocalRule } from './rules.ts'
import { openStacks, type Stack, type StackResource } from './stacks.ts'
import type { LocalImage, LocalTable, Properties, Template } from './types.ts'
import { versionPublisher } from './versions.ts'

export type { AssetManifest } from './assets.ts'
export type { LocalFunction, LocalVersion } from './functions.ts'
export type { LocalRule } from './rules.ts'
export type { Stack } from './stacks.ts'
export type { LocalImage, LocalTable, Properties, Resource, Template } from './types.ts'

/** Place of a deployment, the home it goes to, and variables to override. */
export interface ResolveStacksOptions {
  readonly region: string
  readonly account: string
  /**
   * Folder of all state: functions' versions that were published in it keep their numbers, and stay deployed if their
   * template retains them. Nothing is written to it.
   * @default none: every version is the first
   */
  readonly home?: string | undefined
  /** Values that override variables of functions that have them. @default none */
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/** Options of {@link resolveTemplate}: those of a deployment, and synth's folder and assets. */
export interface ResolveTemplateOptions extends ResolveStacksOptions, Omit<Stack, 'template'> {}

/** The parts of templates that this machine runs, with references resolved. */
export interface LocalDeployment {
  readonly functions: readonly LocalFunction[]
  /** Versions in the templates, and those that earlier deployments to the home left. */
  readonly versions: readonly LocalVersion[]
  readonly stateMachines: readonly {
    readonly name: string
    readonly arn: string
    readonly definition: unknown
    /** ARN of the role that it runs with. */
    readonly role: string | undefined
  }[]
  readonly databases: readonly string[]
  /** Tables in the templates, and those that earlier ones declared and retained. */
  readonly tables: readonly LocalTable[]
  readonly crawlers: readonly (Properties & { readonly Name: string })[]
  readonly workgroups: readonly (Properties & { readonly Name: string })[]
  readonly buckets: readonly string[]
  /** Buckets whose VersioningConfiguration is Enabled. */
  readonly versioned: readonly VersionedBucket[]
  /** Images of the templates and of earlier ones. */
  readonly images: readonly LocalImage[]
  readonly rules: readonly LocalRule[]
  /** Alarms as declared; a caller that collects metrics can evaluate them with cloudwatch/. */
  readonly alarms: readonly AlarmDeclaration[]
  readonly roles: readonly Role[]
  readonly outputs: Readonly<Record<string, unknown>>
  /** Resources that are not deployed here, and the reason. */
  readonly passedOver: readonly { readonly id: string; readonly type: string; readonly reason: string }[]
}

/**
 * Resolves a synthesized template, with every reference replaced by local names and ARNs.
 *
 * @throws LocalAwsError as {@link resolveStacks} does
 */
export function resolveTemplate(template: Template, options: ResolveTemplateOptions): LocalDeployment {
  return resolveStacks([{ ...options, template }], options)
}

/**
 * Resolves several templates of one app that are deployed together and refer to each other's resources by name.
 *
 * @throws LocalAwsError NotImplemented naming a resource type that is unknown here, a reference that cannot be
 * resolved, or an asset that is missing; LimitExceeded for a policy that IAM refuses for its size; InvalidConfiguration
 * for two resources with the same ARN
 */
export function resolveStacks(stacks: readonly Stack[], options: ResolveStacksOptions): LocalDeployment {
  const { region, account, environment = {} } = options
  const place = { region, account }
  const deployed = readDeployed(options.home)
  const assets = new Map(stacks.map((stack) => [stack, assetDirectories(stack.assets, place)]))
  const { opened, all, ofType } = openStacks(stacks, place, (stack, id) => {
    return publish(all.find((one) => one.id === id && one.stack === stack)!).arn
  })
  const functionAt = (resource: StackResource) => functionOf(resource, assets.get(resource.stack)!.files)
  const publish = versionPublisher(deployed, ofType, functionAt)
  const earlier = deployed.versions
    // A version whose code is gone cannot run any more.
    .filter((version) => isRetained(version) && existsSync(version.directory))
    .map((version) => ({ ...version, isDeclared: false }))
  const versions = ofType('AWS::Lambda::Version').map(publish)
  const images = [...assets].flatMap(([{ directory }, folders]) =>
    [...folders.images].map(([uri, source]) => ({ uri, directory: join(directory, source) })),
  )
  const named = (type: string) =>
    ofType(type).map(({ id, properties, resolve }) => ({ ...properties, Name: resolve.nameOf(id) }))

  return {
    functions: ofType('AWS::Lambda::Function').map((each) => withVariables(functionAt(each), environment)),
    versions: withEarlier(versions, earlier, ({ arn }) => arn).map((each) =>
      withVariables(each, environment),
    ),
    stateMachines: ofType('AWS::StepFunctions::StateMachine').map(({ id, properties, resolve }) => ({
      name: resolve.nameOf(id),
      arn: resolve.arnOf(id),
      definition: definitionOf(id, properties),
      role: properties.RoleArn as string | undefined,
    })),
    databases: ofType('AWS::Glue::Database').map(({ id, resolve }) => resolve.nameOf(id)),
    tables: withEarlier(ofType('AWS::Glue::Table').map(tableOf), deployed.tables.filter(isRetained), tableId),
    crawlers: named('AWS::Glue::Crawler'),
    workgroups: named('AWS::Athena::WorkGroup'),
    buckets: ofType('AWS::S3::Bucket').map(({ id, resolve }) => resolve.nameOf(id)),
    versioned: ofType('AWS::S3::Bucket').flatMap(({ id, properties, resolve }) =>
      versionedBucket(resolve.nameOf(id), properties),
    ),
    images: withEarlier(images, deployed.images, ({ uri }) => uri),
    rules: ofType('AWS::Events::Rule').map(({ id, properties, resolve }) =>
      ruleOf(resolve.nameOf(id), properties),
    ),
    alarms: ofType('AWS::CloudWatch::Alarm').map(({ id, properties, resolve }) => ({
      ...properties,
      AlarmName: resolve.nameOf(id),
    })),
    roles: rolesOf(ofType),
    outputs: Object.fromEntries(
      opened.flatMap(({ stack, resolve }) =>
        Object.entries(stack.template.Outputs ?? {}).map(([id, { Value }]) => [
          id,
          resolve.value(Value, `Outputs/${id}`),
        ]),
      ),
    ),
    passedOver: all.flatMap(({ id, type }) => {
      const reason = RESOURCE_TYPES[type]!.passedOver
      return reason === undefined ? [] : [{ id, type, reason }]
    }),
  }
}

const isRetained = (one: { readonly isRetained: boolean }) => one.isRetained

/** Returns what is declared now, followed by what earlier deployments left, without duplicates by `id`. */
function withEarlier<T>(now: readonly T[], earlier: readonly T[], id: (one: T) => string): readonly T[] {
  const ids = new Set(now.map(id))
  return [...now, ...earlier.filter((one) => !ids.has(id(one)))]
}

function tableOf({ id, properties, resolve, isRetained }: StackResource): LocalTable {
  const input = { ...(properties.TableInput as Properties), Name: resolve.nameOf(id) }
  return { database: String(properties.DatabaseName), input, isRetained }
}

const tableId = ({ database, input }: LocalTable) => `${database}/${input.Name}`

function withVariables<F extends LocalFunction>(is: F, values: Readonly<Record<string, string>>): F {
  const given = Object.entries(values).filter(([name]) => name in is.environment)
  return { ...is, environment: { ...is.environment, ...Object.fromEntries(given) } }
}

/**
 * Returns a state machine's definition, with substitutions made.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
 */
function definitionOf(id: string, properties: Properties): unknown {
  const { DefinitionString, Definition, DefinitionSubstitutions = {} } = properties
  if (Definition !== undefined) return Definition
  if (typeof DefinitionString !== 'string') {
    throw new LocalAwsError(
      'NotImplemented',
      `Template: ${id}/DefinitionString: expected a definition in the template, found none.`,
    )
  }
  const substitutions = DefinitionSubstitutions as Record<string, string>
  const text = DefinitionString.replace(
    /\$\{([^}]+)\}/g,
    (whole, name: string) => substitutions[name] ?? whole,
  )
  return JSON.parse(text)
}

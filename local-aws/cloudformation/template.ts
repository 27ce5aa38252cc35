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

/**
 * Options of {@link resolveStacks}: region and account, and optionally the folder with the state of earlier deployments
 * and values of environment variables.
 */
export interface ResolveStacksOptions {
  /** Region that `AWS::Region` and ARNs get. */
  readonly region: string
  /** Account of 12 digits that `AWS::AccountId` and ARNs get. */
  readonly account: string
  /**
   * Folder of all state of the local AWS, which is only read. Versions of functions that were published there keep
   * their numbers. Versions and tables that their template retains stay deployed.
   * @default no earlier deployment: every version gets the number 1
   */
  readonly home?: string | undefined
  /**
   * Values for environment variables of functions, by name. They replace the values in the templates; a function that
   * does not declare the variable does not get it.
   * @default no replacement
   */
  readonly environment?: Readonly<Record<string, string>> | undefined
}

/**
 * Options of {@link resolveTemplate}: those of {@link resolveStacks}, and the folder and assets of the single stack.
 */
export interface ResolveTemplateOptions extends ResolveStacksOptions, Omit<Stack, 'template'> {}

/** Everything in the templates that the local AWS can run, with references resolved: the input of `startLocalAws`. */
export interface LocalDeployment {
  readonly functions: readonly LocalFunction[]
  /** Published versions of functions: those in the templates, then those that earlier templates retained. */
  readonly versions: readonly LocalVersion[]
  readonly stateMachines: readonly {
    readonly name: string
    readonly arn: string
    /** The Amazon States Language, as parsed JSON. */
    readonly definition: unknown
    /** ARN of the role whose permissions executions have; undefined if the template names none. */
    readonly role: string | undefined
  }[]
  /** Names of the Glue databases. */
  readonly databases: readonly string[]
  /** Glue tables: those in the templates, then those that earlier templates retained. */
  readonly tables: readonly LocalTable[]
  /** Properties of the Glue crawlers, as in the template. */
  readonly crawlers: readonly (Properties & { readonly Name: string })[]
  /** Properties of the Athena workgroups, as in the template. */
  readonly workgroups: readonly (Properties & { readonly Name: string })[]
  /** Names of the buckets. */
  readonly buckets: readonly string[]
  /** Those buckets that keep versions of objects. */
  readonly versioned: readonly VersionedBucket[]
  /** Container images: those of the templates, then all others that were deployed earlier. */
  readonly images: readonly LocalImage[]
  /** EventBridge rules; the local AWS does not trigger them. */
  readonly rules: readonly LocalRule[]
  /**
   * CloudWatch alarms as declared. Nothing evaluates them, unless a caller that collects metrics passes them to
   * `startAlarms`.
   */
  readonly alarms: readonly AlarmDeclaration[]
  readonly roles: readonly Role[]
  /** Values of the templates' outputs, by logical id. */
  readonly outputs: Readonly<Record<string, unknown>>
  /** Resources that are accepted but not deployed, such as log groups, each with the reason. */
  readonly passedOver: readonly { readonly id: string; readonly type: string; readonly reason: string }[]
}

/**
 * Reads a template that `cdk synth` wrote and returns everything to run. Does the same as {@link resolveStacks} for a
 * single stack.
 *
 * @throws LocalAwsError as {@link resolveStacks} does
 */
export function resolveTemplate(template: Template, options: ResolveTemplateOptions): LocalDeployment {
  return resolveStacks([{ ...options, template }], options)
}

/**
 * Reads the templates of one CDK app, which are deployed together, and returns everything to run. Every reference is
 * replaced by names and ARNs on this machine.
 *
 * @throws LocalAwsError NotImplemented for a type of resource that is unknown, a reference that cannot be resolved or
 * an asset that is missing; LimitExceeded for a policy that IAM would refuse for its size; InvalidConfiguration for two
 * resources with the same ARN; CorruptState if the record of earlier deployments cannot be read
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

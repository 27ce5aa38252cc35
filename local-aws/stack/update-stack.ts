import { mkdirSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { writeDeployed } from '../cloudformation/deployed.ts'
import type { LocalDeployment } from '../cloudformation/template.ts'
import { LocalAwsError } from '../errors.ts'
import type { CrawlerDeclaration } from '../glue/crawlers.ts'
import type { DeclaredTable } from '../glue/model.ts'
import type { GlueService } from '../glue/service.ts'
import { homePaths } from '../home/paths.ts'
import type { LambdaFunction, LambdaRuntime } from '../lambda/runtime.ts'
import { AwsError } from '../protocol/aws-error.ts'
import type { StepFunctionsService } from '../states/index.ts'
import type { StackAccess } from './stack-access.ts'

/** The services that an update of a stack has to change. */
export interface StackServices {
  /** Permissions of everything that the stack runs. */
  readonly access: StackAccess
  readonly lambda: LambdaRuntime
  readonly glue: GlueService
  readonly states: StepFunctionsService
}

/**
 * Updates a running stack from one deployment to another, as CloudFormation does, and records the new one in the home.
 *
 * @throws LocalAwsError NotImplemented or InvalidConfiguration for what cannot run here, before anything has changed
 */
export async function updateStack(
  { access, lambda, glue, states }: StackServices,
  home: string,
  current: LocalDeployment,
  changed: LocalDeployment,
): Promise<void> {
  checkSame(current, changed)
  // Comes first: it throws for what cannot run, before anything has changed.
  states.deploy(changed.stateMachines)
  for (const bucket of changed.buckets) mkdirSync(homePaths(home).bucket(bucket), { recursive: true })
  access.update(changed)
  lambda.deploy(functionsOf(changed))
  glue.deployCrawlers(crawlersOf(changed))
  const [tables, before] = [tablesOf(changed), tablesOf(current)]
  await glue.catalog.declare(tables, before)
  const gone = before.filter(({ Name }) => !tables.some((table) => table.Name === Name))
  for (const { Name } of gone) await glue.catalog.drop(Name)
  writeDeployed(home, changed)
}

/** Returns everything that the Lambda runtime can invoke: functions first, then their published versions. */
export const functionsOf = ({ functions, versions }: LocalDeployment): readonly LambdaFunction[] => [
  ...functions,
  ...versions,
]

/** Returns the declarations of the deployment's tables as Glue's `TableInput`, the form that the catalog takes. */
export const tablesOf = ({ tables }: Pick<LocalDeployment, 'tables'>): readonly DeclaredTable[] =>
  tables.map(({ input }) => input)

/** Returns the deployment's crawlers with the type that the Glue service takes; their members are not checked. */
export const crawlersOf = ({ crawlers }: LocalDeployment) =>
  crawlers as unknown as readonly CrawlerDeclaration[]

/**
 * Returns the build folder of the image with the URI `wanted`, from which a job's program is run.
 *
 * @throws AwsError ValidationException for an image that was not pushed
 */
export function imageFolder({ images }: LocalDeployment, wanted: string): string {
  const found = images.find(({ uri }) => uri === wanted)
  if (found) return found.directory
  throw new AwsError('ValidationException', `Requested image ${wanted} not found.`)
}

/**
 * Returns the name of the deployment's only Glue database.
 *
 * @throws LocalAwsError InvalidConfiguration unless there is exactly one
 */
export function databaseOf({ databases }: LocalDeployment): string {
  if (databases.length === 1) return databases[0]!
  throw new LocalAwsError(
    'InvalidConfiguration',
    `Template: expected one Glue database, found ${databases.length}.`,
  )
}

/** Refuses an update of what is read only at the start. */
function checkSame(current: LocalDeployment, changed: LocalDeployment): void {
  if (databaseOf(current) !== databaseOf(changed)) throw notUpdated('the database')
  if (!isDeepStrictEqual(current.versioned, changed.versioned)) {
    throw notUpdated('what versions buckets keep')
  }
}

function notUpdated(what: string): LocalAwsError {
  return new LocalAwsError('NotImplemented', `Update: ${what}: expected no change, found one. Start anew.`)
}

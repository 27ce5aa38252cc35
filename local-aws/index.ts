/** AWS on this machine: single services behind an endpoint, or all that a stack deploys. */

// A stack, deployed.
export { startLocalAws, type LocalAws, type LocalAwsOptions } from './start.ts'
export {
  resolveStacks,
  resolveTemplate,
  type AssetManifest,
  type LocalDeployment,
  type LocalRule,
  type LocalVersion,
  type ResolveStacksOptions,
  type ResolveTemplateOptions,
  type Stack,
  type Template,
} from './cloudformation/template.ts'
export type { Credentials } from './stack/index.ts'
export { DEFAULT_PLACE, type Place } from './protocol/place.ts'

// Single services.
export { startEndpoint, type Endpoint, type EndpointOptions } from './protocol/endpoint.ts'
export { s3Service, type S3Options, type S3Service, type VersionedBucket } from './s3/service.ts'
export { glueService, type GlueOptions, type GlueService } from './glue/service.ts'
export { athenaService, type AthenaOptions, type AthenaService, type Listing } from './athena/service.ts'
export { sagemakerService, type SageMakerOptions, type SageMakerService } from './sagemaker/service.ts'
export {
  stepFunctionsService,
  type StepFunctionsOptions,
  type StepFunctionsService,
  type TaskResource,
} from './states/index.ts'
export { lambdaRuntime, type LambdaRuntime, type LambdaRuntimeOptions } from './lambda/runtime.ts'
export type { Service } from './protocol/service.ts'

// Time.
export { advancingClock, SYSTEM_CLOCK, type AdvancingClock, type Clock } from './clock.ts'
export { openHomeClock } from './home/clock.ts'

// Metrics and alarms.
export { metricStore, type MetricId, type MetricStore } from './cloudwatch/metrics.ts'
export { startAlarms, type AlarmChange, type AlarmDeclaration, type Alarms } from './cloudwatch/alarms.ts'

// Failures, on purpose or not.
export {
  createFaults,
  randomFaults,
  randomWaits,
  GONE,
  INTERNAL_ERROR,
  SLOW_DOWN,
  TRANSIENT_FAULTS,
  type Call,
  type Fault,
  type FaultRule,
  type Faults,
  type FaultSource,
  type RuledFaults,
  type Step,
  type StepFault,
  type StepSource,
} from './protocol/faults.ts'
export { createLimits, type Count, type Create, type Limits, type LimitsOptions } from './protocol/limits.ts'
export { AwsError } from './protocol/aws-error.ts'
export { LocalAwsError, type LocalAwsErrorCode } from './errors.ts'

// The folder of all state.
export { homePaths, type HomePaths } from './home/paths.ts'
export { acquireHomeLock, type HomeHolder, type HomeLock, type HomeLockOptions } from './home/lock.ts'

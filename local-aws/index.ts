/** AWS on this machine: a stack's services, served on the loopback interface. */
export { startLocalAws, type LocalAws, type LocalAwsOptions } from './start.ts'
export { LocalAwsError, type LocalAwsErrorCode } from './errors.ts'
export {
  resolveTemplate,
  type AssetManifest,
  type LocalDeployment,
  type LocalRule,
  type ResolveTemplateOptions,
  type Template,
} from './cloudformation/template.ts'
export { homePaths, type HomePaths } from './home/paths.ts'
export { acquireHomeLock, type HomeHolder, type HomeLock } from './home/lock.ts'
export {
  createFaults,
  randomFaults,
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
} from './protocol/faults.ts'
export { AwsError, type Caller, type Service } from './protocol/service.ts'
export { startEndpoint } from './protocol/endpoint.ts'
export { s3Service, type S3Service } from './s3/service.ts'
export { glueService, type GlueService } from './glue/service.ts'
export { athenaService } from './athena/service.ts'
export { sagemakerService, type SageMakerService } from './sagemaker/service.ts'
export { parseArn, PROCESSING_JOB, StateError, type TaskResource } from './states/index.ts'
export { unlessAborted } from './states/run/clock.ts'

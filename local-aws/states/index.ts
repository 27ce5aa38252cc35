export { parseArn } from './records/arns.ts'
export type { HistoryEvent } from './records/history.ts'
export type { State, StateGraph } from './language/definition.ts'
export { LAMBDA_INVOKE, lambdaResource, type LambdaInvoker } from './resources/lambda-resource.ts'
export { parseDefinition } from './language/validate.ts'
export {
  PROCESSING_JOB,
  processingJobResource,
  type ProcessingJobs,
} from './resources/processing-job-resource.ts'
export { unlessAborted } from './run/clock.ts'
export { StateError } from './language/errors.ts'
export { matches } from './run/retry.ts'
export type { ObjectStore, TaskCall, TaskResource } from './run/run.ts'
export { stepFunctionsService, type StepFunctionsOptions, type StepFunctionsService } from './service.ts'

/** Dayfold as a library: constructs for your own CDK app, and the functions that dataset modules are written with. */
export { Dayfold } from './dayfold.ts'
export { DayfoldData, type DayfoldProps } from './dayfold-data.ts'
export type { DayfoldOptions } from './dayfold-options.ts'
export { prepareRelease, type Release } from './release.ts'
export { ProcessingJobTask, type ProcessingJobTaskProps } from './constructs/processing-job-task.ts'
export { DayfoldError, type ErrorCode } from '../core/errors.ts'
export * from '../processing/dataset.ts'

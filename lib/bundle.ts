/** Everything that runs elsewhere, made from sources by esbuild: the container's program and the Lambda handlers. */
export { DEFAULT_REGISTRY, PROJECT_ROOT } from './bundle/options.ts'
export { bundleHandlers, type BundleHandlersOptions } from './bundle/handlers.ts'
export { bundleProgram, type BundleProgramOptions } from './bundle/program.ts'
export { describeDatasets, featureVersions, type DescribedDataset } from './bundle/registry.ts'

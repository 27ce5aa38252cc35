import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { App } from 'aws-cdk-lib/core'
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api'
import type { Deployment } from '../core/deployment.ts'
import { checkDatasets, parseConfig } from './config.ts'
import { sizesOf, sizesText, type CloudFormationTemplate } from './constructs/size-limits.ts'
import { DataStack } from './data-stack.ts'
import { DayfoldStack } from './dayfold-stack.ts'
import { deploymentOf } from './deployment.ts'
import { dataStackName } from './names.ts'
import { PROJECT_ROOT } from './bundle/options.ts'
import { bundleHandlers } from './bundle/handlers.ts'
import { bundleProgram } from './bundle/program.ts'
import { describeDatasets } from './bundle/registry.ts'

/**
 * Bundles, builds the stack and writes the cloud assembly. Needs no network, no Docker and no account.
 *
 * @returns the largest sizes of each stack, a line each
 * @throws DayfoldError InvalidConfiguration for a value in the context that is not allowed, or what AWS would refuse for
 *   its size
 * @throws DayfoldError InvalidDataset for datasets that cannot be bundled
 */
export async function synthesize(): Promise<string[]> {
  // Context and folder come in the environment, from the CDK command line.
  const app = new App()
  const config = parseConfig(app.node.getAllContext() as Record<string, unknown>)
  const registry = resolve(PROJECT_ROOT, config.datasetsFile)
  const datasets = await describeDatasets(registry)
  checkDatasets(config, datasets)
  const deployment = deploymentOf(datasets, config.name, config)
  // CDK copies what it needs out of here: nobody else may write to it meanwhile.
  const folder = temporaryFolder()
  try {
    const bundles = await bundle(folder, registry, deployment)
    const { tags } = config
    const data = new DataStack(app, dataStackName(config.name), { config, deployment, tags })
    const pipeline = new DayfoldStack(app, config.name, { config, deployment, tags, ...bundles })
    pipeline.addStackDependency(data)
    return app.synth().stacks.map(sizesOfStack)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function sizesOfStack({ stackName, templateFullPath }: CloudFormationStackArtifact): string {
  const text = readFileSync(templateFullPath, 'utf8')
  return sizesText(stackName, sizesOf(JSON.parse(text) as CloudFormationTemplate, Buffer.byteLength(text)))
}

interface Bundles {
  readonly program: string
  readonly handlers: string
}

async function bundle(folder: string, registry: string, deployment: Deployment): Promise<Bundles> {
  const bundles = { program: join(folder, 'program'), handlers: join(folder, 'handlers') }
  await Promise.all([
    bundleProgram({ outDir: bundles.program, registry, deployment }),
    bundleHandlers({ outDir: bundles.handlers, deployment }),
  ])
  return bundles
}

function temporaryFolder(): string {
  const build = join(PROJECT_ROOT, 'build')
  mkdirSync(build, { recursive: true })
  return mkdtempSync(join(build, 'bundles-'))
}

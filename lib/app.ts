import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib/core'
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api'
import { dataStackName } from '../core/names.ts'
import { sizesOf, sizesText, type CloudFormationTemplate } from './constructs/size-limits.ts'
import { parseConfig } from './config.ts'
import { DataStack } from './data-stack.ts'
import { DayfoldStack } from './dayfold-stack.ts'
import { checkRegions } from './regions.ts'
import { prepareRelease } from './release.ts'
import { PROJECT_ROOT } from './bundle/options.ts'

/**
 * Builds the stacks of the CDK app, with the bundles in them, and writes the cloud assembly. Needs no network, no
 * Docker and no account.
 *
 * @param region that is deployed to, if known
 * @returns for each stack one line with the sizes that AWS limits
 * @throws DayfoldError InvalidConfiguration for a context value that is not allowed, or a stack that AWS would refuse
 *   for its size
 * @throws DayfoldError InvalidDataset for datasets that cannot be bundled
 */
export async function synthesize(region?: string): Promise<string[]> {
  // The CDK command line passes context and output folder in the environment.
  const app = new App()
  const context = app.node.getAllContext() as Record<string, unknown>
  checkRegions(parseConfig(context), region)
  // A folder of this process alone: CDK copies files out of it.
  const folder = temporaryFolder()
  try {
    const release = await prepareRelease(context, folder)
    const { name, tags } = release.config
    const data = new DataStack(app, dataStackName(name), { release, tags })
    const pipeline = new DayfoldStack(app, name, { release, tags })
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

function temporaryFolder(): string {
  const build = join(PROJECT_ROOT, 'build')
  mkdirSync(build, { recursive: true })
  return mkdtempSync(join(build, 'bundles-'))
}

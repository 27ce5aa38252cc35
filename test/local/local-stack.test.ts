import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LAMBDA_INVOKE, parseDefinition, PROCESSING_JOB } from '@dayfold/local-aws/states'
import { synthesizeLocally } from '../../local/deploy.ts'
import { localStack } from '../../local/local-stack.ts'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

test('the project’s own template resolves, its assets are there, and its definition runs here', async () => {
  const synthesis = await synthesizeLocally({ projectRoot: PROJECT_ROOT })
  const { functions, images, stateMachines, buckets } = localStack(synthesis)
  expect(buckets).toEqual(['data'])
  for (const { directory: folder } of functions) expect(existsSync(join(folder, 'index.mjs'))).toBe(true)
  for (const { directory: folder } of images) expect(existsSync(join(folder, 'main.mjs'))).toBe(true)
  expect(images).toHaveLength(1)
  expect(stateMachines).toHaveLength(1)
  const { definition, name } = stateMachines[0]!
  expect(JSON.stringify(definition)).toContain(images[0]!.uri)
  expect(() => parseDefinition(definition, name, [LAMBDA_INVOKE, PROCESSING_JOB])).not.toThrow()
})

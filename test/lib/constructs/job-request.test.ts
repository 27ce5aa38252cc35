import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { typeErrors } from '../../support/type-check.ts'
import { EVERYTHING, synthesizeStack } from '../../support/synthesized.ts'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'

interface Machine {
  readonly States: {
    Days: { ItemProcessor: { States: { ProcessDay: { Arguments: Record<string, unknown> } } } }
  }
}

const requestOf = (overrides?: Record<string, unknown>) =>
  withDefaults(
    (synthesizeStack(overrides).definition() as Machine).States.Days.ItemProcessor.States.ProcessDay
      .Arguments,
  )

/** Replaces expressions by the values that they have if PlanDay sends no settings of a dataset's own. */
function withDefaults(request: object): Record<string, unknown> {
  const text = JSON.stringify(request)
    .replace(/"\{% \$exists\(\$planned\.instanceType\) [^:]+: '([^']+)' %\}"/, '"$1"')
    .replace(/"\{% \$exists\(\$planned\.volumeSizeGb\) [^:]+: (\d+) %\}"/, '$1')
  return JSON.parse(text) as Record<string, unknown>
}

/** The module of SageMaker's model that has the request: checking the whole client takes seconds. */
const models = join(PROJECT_ROOT, 'node_modules/@aws-sdk/client-sagemaker/dist-types/models')
const model = readdirSync(models).find((file) =>
  readFileSync(join(models, file), 'utf8').includes('export interface CreateProcessingJobRequest '),
)!

/** Returns a source that compiles only if SageMaker's own client could send `request`, every part of it given. */
const source = (request: unknown) => `
  import type { CreateProcessingJobRequest } from ${JSON.stringify(join(models, model))}
  type Given<T> = T extends readonly (infer E)[] ? readonly Given<E>[]
    : T extends object ? { readonly [K in keyof T]: Given<Exclude<T[K], undefined>> } : T
  export const request: Given<CreateProcessingJobRequest> = ${JSON.stringify(request)}`

it("holds all that SageMaker's model requires, and nothing that it does not know", () => {
  const request = requestOf()
  const inVpc = requestOf(EVERYTHING)
  const withoutRole = Object.fromEntries(Object.entries(request).filter(([name]) => name !== 'RoleArn'))
  const file = (name: string) => join(PROJECT_ROOT, `test/lib/${name}.ts`)
  const sources = {
    [file('whole')]: source(request),
    [file('in-vpc')]: source(inVpc),
    [file('without-role')]: source(withoutRole),
    [file('misspelt')]: source({ ...request, MaxRuntime: 1 }),
  }
  const errors = typeErrors(Object.keys(sources), sources)
  expect(errors[file('whole')]).toEqual([])
  expect(errors[file('in-vpc')]).toEqual([])
  expect(errors[file('without-role')]).toEqual([expect.stringContaining("'RoleArn' is missing")])
  expect(errors[file('misspelt')]).toEqual([expect.stringContaining(`'"MaxRuntime"' does not exist`)])
})

import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { SECOND, SLOW_TESTS, UNIT_TESTS } from '../../../vitest.config.ts'

/** Tests of the text of the sources, which is not what it was once mutants are in it. */
const OF_SOURCES = [
  'test/architecture.slow.test.ts',
  'test/core/layout-alone.slow.test.ts',
  'test/bin/quiet-sdk.test.ts',
]

/** Runs the tests first that lie nearest to the mutant, in the tree that mirrors the sources: they find most. */
class NearestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root, related } = this.ctx.config
    const [mutated] = related ?? []
    if (mutated === undefined) return Promise.resolve(files)
    const place = relative(root, mutated).replace(/\.ts$/, '').split('/')
    const nearness = ({ moduleId }: TestSpecification) => {
      const own = relative(root, moduleId)
        .replace(/(\.(unit|slow))?\.test\.ts$/, '')
        .split('/')
        .slice(1)
      const differs = place.findIndex((name, depth) => own[depth] !== name)
      return differs < 0 ? place.length : differs
    }
    return Promise.resolve(files.toSorted((a, b) => nearness(b) - nearness(a)))
  }
}

/** All tests that run in one process, in the order of {@link NearestFirst}. */
export default defineConfig({
  test: {
    include: [...UNIT_TESTS, SLOW_TESTS],
    exclude: OF_SOURCES,
    env: { AWS_EC2_METADATA_DISABLED: 'true', NODE_NO_WARNINGS: '1', DAYFOLD_CUTS: 'some' },
    pool: 'threads',
    isolate: false,
    setupFiles: ['test/support/mutation/stop-at-first.ts'],
    sequence: { sequencer: NearestFirst },
    testTimeout: 60 * SECOND,
    hookTimeout: 60 * SECOND,
  },
})

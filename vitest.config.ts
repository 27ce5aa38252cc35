import { defineConfig } from 'vitest/config'

/**
 * Folders whose tests run in this process alone, with no child, template or server outside of it, in a second per file
 * at most, unless they are named `….local`, or `….slow` for files that take longer.
 */
const UNIT = [
  'test',
  'test/{bin,client,core,report,support}/**',
  'test/lib',
  'test/lambda/**',
  'test/processing',
  'test/processing/{datasets,fields,parquet,read,records,s3,write}/**',
  'local-aws/test/{athena/run,athena/sql,cloudformation,iam,s3/wire,states/language}/**',
].map((folder) => `${folder}/!(*.local|*.slow).test.ts`)
/** Tests elsewhere that do as well. */
const NAMED_UNIT = '{test,local-aws/test}/**/*.unit.test.ts'
/** Tests that run in this process alone as well, but take seconds: the local project has them. */
export const SLOW_TESTS = '{test,local-aws/test}/**/*.slow.test.ts'
/** Tests of the unit project. */
export const UNIT_TESTS = [...UNIT, NAMED_UNIT]
/** Tests of the command line and of the deployed pipeline, end to end. */
const ACCEPTANCE = 'test/acceptance/**/*.test.ts'

const TEMPORARY_FOLDERS = 'test/support/temporary-folders.ts'
/** Milliseconds of a second. */
export const SECOND = 1000
/** Time that `npm run test:cuts` has in relation to `npm test`: it tries twelve times as many cases and more. */
const PATIENCE = process.env['DAYFOLD_CUTS'] === 'all' ? 20 : 1

export default defineConfig({
  test: {
    // One more than the cores of CI: tests wait for processes and timers.
    maxWorkers: 3,
    env: {
      AWS_EC2_METADATA_DISABLED: 'true',
      NODE_NO_WARNINGS: '1',
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: UNIT_TESTS,
          globalSetup: [TEMPORARY_FOLDERS],
          // What tests import is loaded once per worker.
          pool: 'threads',
          isolate: false,
          testTimeout: 15 * SECOND * PATIENCE,
          hookTimeout: 15 * SECOND,
        },
      },
      {
        extends: true,
        test: {
          name: 'local',
          include: ['{test,local-aws/test}/**/*.test.ts'],
          exclude: [...UNIT_TESTS, ACCEPTANCE],
          globalSetup: [TEMPORARY_FOLDERS, 'test/support/processing/bundle-fixtures.ts'],
          pool: 'forks',
          isolate: false,
          testTimeout: 60 * SECOND * PATIENCE,
          hookTimeout: 60 * SECOND,
        },
      },
      {
        extends: true,
        test: {
          name: 'acceptance',
          include: [ACCEPTANCE],
          globalSetup: [TEMPORARY_FOLDERS, 'test/support/acceptance/prepare.ts'],
          setupFiles: 'test/support/acceptance/setup.ts',
          pool: 'forks',
          isolate: false,
          testTimeout: 120 * SECOND,
          hookTimeout: 180 * SECOND,
        },
      },
    ],
  },
})

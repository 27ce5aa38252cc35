import { athenaService } from '@dayfold/local-aws/athena'
import type { Service } from '@dayfold/local-aws/service'
import type { WorldOptions } from './world.ts'

/** Name of the workgroup of {@link athenaOver}. */
export const WORKGROUP = 'test'

type Services = Parameters<NonNullable<WorldOptions['services']>>[0]

/** Makes Athena over a world's S3 and Glue. `beforeEnd` is called before each query ends. */
export function athenaOver(
  { home, s3, glue }: Services,
  beforeEnd?: () => Promise<void> | undefined,
): Service {
  return athenaService({
    home,
    workgroups: [
      {
        Name: WORKGROUP,
        WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: 's3://data/athena-results/' } },
      },
    ],
    catalog: glue.catalog,
    filePath: s3.filePath,
    listObjects: s3.listObjects,
    beforeEnd,
  })
}

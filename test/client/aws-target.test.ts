import { afterEach, expect, test, vi } from 'vitest'
import { awsTarget } from '../../client/aws-target.ts'

afterEach(() => vi.unstubAllEnvs())

test('without a region it is said where one may be set', async () => {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined)
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nowhere')
  await expect(awsTarget({ stack: 'dayfold' })).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringMatching(
      /^Region: expected one, found none\. Give --region, or set AWS_REGION/,
    ) as string,
  })
})

import { DescribeKeyCommand } from '@aws-sdk/client-kms'
import type { AwsWorld } from './aws-world.ts'
import { fault, isNamed, ok, reasonOf, warning, type Check, type Outcome } from './diagnosis.ts'

/** Checks that the KMS keys in the configuration exist in the region, are enabled, and encrypt. */
export const keys: Check<AwsWorld> = {
  name: 'keys',
  async run(world) {
    const { rawKeyArn, kmsKeyArn } = world.plan
    const outcomes: Outcome[] = []
    for (const [option, arn] of Object.entries({ rawKeyArn, kmsKeyArn }))
      if (arn !== undefined) outcomes.push(await judgeKey(world, option, arn))
    return outcomes
  },
}

/** Judges a key by its state: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
async function judgeKey({ clients, place }: AwsWorld, option: string, arn: string): Promise<Outcome> {
  const expected = `${option}: an enabled key of ${place.region} for encryption`
  const region = arn.split(':')[3]
  if (region !== place.region)
    return fault(
      expected,
      `a key of ${region}`,
      `Set ${option} to a key of ${place.region}, or deploy to ${region}.`,
    )
  try {
    const { KeyMetadata } = await clients.kms.send(new DescribeKeyCommand({ KeyId: arn }))
    const { KeyState, KeyUsage } = KeyMetadata ?? {}
    if (KeyState === 'Enabled' && KeyUsage === 'ENCRYPT_DECRYPT') return ok(`${option} is enabled`)
    return fault(expected, `${KeyState}, for ${KeyUsage}`, `Enable the key, or set ${option} to another.`)
  } catch (error) {
    if (isNamed(error, 'NotFound'))
      return fault(expected, 'none', `Set ${option} to the ARN of a key that exists.`)
    if (!isNamed(error, 'AccessDenied')) throw error
    const remedy = 'See that its policy lets the roles that the stack outputs use it.'
    return warning(expected, reasonOf(error), remedy)
  }
}

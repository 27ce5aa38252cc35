import { DayfoldError } from '../core/errors.ts'
import { imageRegion } from '../core/image-uri.ts'

/** Options of the configuration that name a resource of one region. Stacks of another region need other values. */
export interface RegionalOptions {
  /** ARN of the KMS key that encrypts everything that Dayfold creates. @default keys that AWS owns */
  readonly kmsKeyArn?: string | undefined
  /** ARN of the KMS key that encrypts the raw bucket, so that jobs may decrypt it. @default the bucket has none */
  readonly rawKeyArn?: string | undefined
  /** URI of an existing image for the jobs. @default the deployment builds one */
  readonly imageUri?: string | undefined
}

/**
 * Checks that KMS keys and image lie in one region, that of the stacks: a service accepts only keys of its own region,
 * and so does SageMaker with images. Only the account knows where subnets, security groups and the raw bucket are:
 * `doctor` asks it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html (a key is of one region, also one of several)
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (Image)
 *
 * @param stackRegion undefined if it is not known before the deployment
 * @throws DayfoldError InvalidConfiguration naming the option, its region and the expected one
 */
export function checkRegions(options: RegionalOptions, stackRegion?: string): void {
  let expected = stackRegion === undefined ? undefined : { region: stackRegion, of: 'the stack' }
  for (const [name, region] of regionsOf(options)) {
    expected ??= { region, of: `"${name}"` }
    if (region === expected.region) continue
    throw new DayfoldError(
      'InvalidConfiguration',
      `Configuration: "${name}": expected one of ${expected.region}, the region of ${expected.of}, found ` +
        `${String(options[name])} of ${region}. Set ${name} to one of ${expected.region}, or deploy all to ${region}.`,
    )
  }
}

function regionsOf({ kmsKeyArn, rawKeyArn, imageUri }: RegionalOptions): [keyof RegionalOptions, string][] {
  const found: readonly [keyof RegionalOptions, string | undefined][] = [
    ['kmsKeyArn', kmsKeyArn?.split(':')[3]],
    ['rawKeyArn', rawKeyArn?.split(':')[3]],
    ['imageUri', imageUri === undefined ? undefined : imageRegion(imageUri)],
  ]
  return found.filter((each): each is [keyof RegionalOptions, string] => each[1] !== undefined)
}

/**
 * Returns the region that the CDK command line deploys to; undefined if nobody has set one. It passes us-east-1 if
 * nobody has: that counts only together with an account, without which nothing is deployed.
 * https://docs.aws.amazon.com/cdk/v2/guide/configure-env.html
 *
 * @param environment variables, as the CDK command line passes them on
 */
export function deployedRegion(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION, AWS_REGION, AWS_DEFAULT_REGION } = environment
  const isMeant = [CDK_DEFAULT_ACCOUNT, AWS_REGION, AWS_DEFAULT_REGION].some((value) => value !== undefined)
  return isMeant ? CDK_DEFAULT_REGION : undefined
}

import { App, Stack } from 'aws-cdk-lib/core'
import { expect, it, test } from 'vitest'
import { parseConfig } from '../../lib/config.ts'
import { checkStackRegion } from '../../lib/constructs/stack-region.ts'
import { checkRegions, deployedRegion } from '../../lib/regions.ts'

const rawBucket = 'raw-files'
const key = (region: string) => `arn:aws:kms:${region}:123456789012:key/mrk-1`
const image = (region: string) => `123456789012.dkr.ecr.${region}.amazonaws.com/dayfold:1`
const [HERE, THERE] = ['eu-west-1', 'us-east-1']

test.each([
  ['rawKeyArn', { kmsKeyArn: key(HERE), rawKeyArn: key(THERE) }, 'kmsKeyArn'],
  ['imageUri', { kmsKeyArn: key(HERE), imageUri: image(THERE) }, 'kmsKeyArn'],
  ['imageUri', { rawKeyArn: key(HERE), imageUri: image(THERE) }, 'rawKeyArn'],
])('%s of another region than an option beside it is refused: %j', (name, options, other) => {
  const value = Object.entries(options).find(([option]) => option === name)![1]
  expect(() => parseConfig({ rawBucket, ...options })).toThrow(
    `Configuration: "${name}": expected one of ${HERE}, the region of "${other}", found ${value} of ${THERE}. ` +
      `Set ${name} to one of ${HERE}, or deploy all to ${THERE}.`,
  )
})

test.each([{ kmsKeyArn: key(THERE) }, { rawKeyArn: key(THERE) }, { imageUri: image(THERE) }])(
  'a stack of a known region takes nothing of another: %j',
  (options) => {
    expect(() => checkRegions(options, HERE)).toThrow(
      `expected one of ${HERE}, the region of the stack, found `,
    )
    expect(() => checkRegions(options, THERE)).not.toThrow()
    const inRegion = (region: string) => new Stack(new App(), 'S', { env: { region } })
    expect(() => checkStackRegion(inRegion(HERE), options)).toThrow('the region of the stack')
    expect(() => checkStackRegion(inRegion(THERE), options)).not.toThrow()
    expect(() => checkStackRegion(new Stack(), options)).not.toThrow()
  },
)

it('takes all of one region, and an image of China by its own name', () => {
  const all = { kmsKeyArn: key(HERE), rawKeyArn: key(HERE), imageUri: image(HERE) }
  expect(() => parseConfig({ rawBucket, ...all })).not.toThrow()
  const imageUri = '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/dayfold:1'
  expect(() => checkRegions({ imageUri }, 'cn-north-1')).not.toThrow()
})

test("the command line's region counts where somebody has said it, or beside an account", () => {
  const CDK_DEFAULT_REGION = HERE
  expect(deployedRegion({ CDK_DEFAULT_REGION })).toBeUndefined()
  expect(deployedRegion({ CDK_DEFAULT_REGION, AWS_REGION: HERE })).toBe(HERE)
  expect(deployedRegion({ CDK_DEFAULT_REGION, AWS_DEFAULT_REGION: HERE })).toBe(HERE)
  expect(deployedRegion({ CDK_DEFAULT_REGION, CDK_DEFAULT_ACCOUNT: '123456789012' })).toBe(HERE)
})

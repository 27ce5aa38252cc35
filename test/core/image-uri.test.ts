import { expect, test } from 'vitest'
import { imageRegion } from '../../core/image-uri.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`
const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'

test.each([
  [`${HOST}/dayfold:1.2.3`, 'eu-west-1'],
  [`${HOST}/team/day_fold-job.x:V1_a-b.c`, 'eu-west-1'],
  [`${HOST}/dayfold@${DIGEST}`, 'eu-west-1'],
  ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/dayfold:1', 'cn-north-1'],
])('%s is an image of ECR in %s', (uri, region) => {
  expect(imageRegion(uri)).toBe(region)
})

test.each([
  'docker.io/library/node:22',
  HOST,
  `${HOST}/dayfold`,
  `${HOST}/dayfold:`,
  `${HOST}/:1`,
  `${HOST}/Dayfold:1`,
  `${HOST}/dayfold:1 `,
  `${HOST}/dayfold:1/2`,
  `${HOST}/dayfold:1:2`,
  ` ${HOST}/dayfold:1`,
  `https://${HOST}/dayfold:1`,
  `1${HOST}/dayfold:1`,
  `${HOST.slice(1)}/dayfold:1`,
  `x${HOST.slice(1)}/dayfold:1`,
  `${HOST}.org/dayfold:1`,
  `${HOST.replace('eu-west-1', 'EU')}/dayfold:1`,
  `${HOST.replace('eu-west-1', '')}/dayfold:1`,
  `${HOST}/dayfold@${DIGEST.slice(0, -1)}`,
  `${HOST}/dayfold@${DIGEST}0`,
  `${HOST}/dayfold@${DIGEST.slice(0, -1)}g`,
])('%s is none', (uri) => {
  expect(imageRegion(uri)).toBeUndefined()
})

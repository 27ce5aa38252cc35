import { imageRegion } from '../../core/image-uri.ts'
import type { AwsWorld } from './aws-world.ts'
import { fault, ok, type Check } from './diagnosis.ts'

/**
 * Checks that a configured image lies in the region of the deployment: SageMaker takes images from no other. Does not
 * check that the image exists.
 */
export const image: Check<AwsWorld> = {
  name: 'image',
  run({ plan: { imageUri }, place }) {
    if (imageUri === undefined) return Promise.resolve([])
    const region = imageRegion(imageUri)
    if (region === place.region) return Promise.resolve([ok(`${imageUri} is of ${region}`)])
    const remedy = `Push it to ECR in ${place.region}, or deploy to ${region}.`
    return Promise.resolve([fault(`imageUri: an image of ${place.region}`, `one of ${region}`, remedy)])
  },
}

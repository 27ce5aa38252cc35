import { imageRegion } from '../../core/image-uri.ts'
import type { AwsWorld } from './aws-world.ts'
import { fault, ok, type Check } from './diagnosis.ts'

/** A ready image: SageMaker takes it from its own region alone. Whether it is there is not asked. */
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

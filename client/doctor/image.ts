import type { AwsWorld } from './aws-world.ts'
import { fault, ok, type Check } from './diagnosis.ts'

/** The region in the name of an image in ECR. */
const REGION = /\.dkr\.ecr\.([a-z0-9-]+)\./

/** A ready image: SageMaker takes it from its own region alone. Whether it is there is not asked. */
export const image: Check<AwsWorld> = {
  name: 'image',
  run({ plan: { imageUri }, place }) {
    if (imageUri === undefined) return Promise.resolve([])
    const region = REGION.exec(imageUri)?.[1]
    if (region === place.region) return Promise.resolve([ok(`${imageUri} is of ${region}`)])
    const remedy = `Push it to ECR in ${place.region}, or deploy to ${region}.`
    return Promise.resolve([fault(`imageUri: an image of ${place.region}`, `one of ${region}`, remedy)])
  },
}

/**
 * An image in ECR, the only place that SageMaker takes one from, by tag or digest.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AppSpecification.html
 */
export const IMAGE_URI =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<repository>[a-z0-9._/-]+)(:[\w.-]+|@sha256:[0-9a-f]{64})$/

/** The region of an image in ECR; undefined for another image. */
export const imageRegion = (imageUri: string): string | undefined => IMAGE_URI.exec(imageUri)?.groups?.region

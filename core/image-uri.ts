/**
 * Matches the URI of a container image in ECR, with a tag or digest. SageMaker takes images from nowhere else.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AppSpecification.html
 */
export const IMAGE_URI =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<repository>[a-z0-9._/-]+)(:[\w.-]+|@sha256:[0-9a-f]{64})$/

/** Returns the AWS region that the URI of an image in ECR names; undefined for any other URI. */
export const imageRegion = (imageUri: string): string | undefined => IMAGE_URI.exec(imageUri)?.groups?.region

import type { VersionedBucket } from '../s3/service.ts'

interface LifecycleRule {
  readonly Status?: string
  readonly Prefix?: string
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays?: number }
}

/**
 * Returns the settings of a bucket that keeps versions, as a list of one; an empty list for a bucket whose
 * VersioningConfiguration is not Enabled.
 *
 * @param properties resolved properties of the `AWS::S3::Bucket`
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
 */
export function versionedBucket(
  name: string,
  properties: Readonly<Record<string, unknown>>,
): VersionedBucket[] {
  const { Status } = (properties.VersioningConfiguration ?? {}) as { readonly Status?: string }
  if (Status !== 'Enabled') return []
  const { Rules = [] } = (properties.LifecycleConfiguration ?? {}) as { readonly Rules?: LifecycleRule[] }
  const expirations = Rules.flatMap(({ Status, Prefix: prefix = '', NoncurrentVersionExpiration }) => {
    const days = NoncurrentVersionExpiration?.NoncurrentDays
    return Status === 'Enabled' && days !== undefined ? [{ prefix, days }] : []
  })
  return [{ name, expirations }]
}

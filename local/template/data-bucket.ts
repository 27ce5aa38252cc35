import type { Template } from './types.ts'

/**
 * Logical id of the bucket that the stack keeps its data in: the one that a function gets as `DATA_BUCKET`, else the
 * only one that there is.
 */
export function dataBucketId(template: Template): string | undefined {
  const resources = Object.entries(template.Resources)
  for (const [, { Type, Properties }] of resources) {
    if (Type !== 'AWS::Lambda::Function') continue
    const environment = Properties?.Environment as { Variables?: Record<string, unknown> } | undefined
    const value = environment?.Variables?.DATA_BUCKET as { Ref?: string } | undefined
    if (typeof value === 'object' && value.Ref !== undefined) return value.Ref
  }
  const buckets = resources.filter(([, { Type }]) => Type === 'AWS::S3::Bucket')
  return buckets.length === 1 ? buckets[0]![0] : undefined
}

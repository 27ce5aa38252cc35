import type { Crawler } from '@aws-sdk/client-glue'
import type { Complete } from '../protocol/shapes.ts'

/** What a crawler does about what has changed. */
export interface CrawlPolicy {
  /** Whether it changes the table and the partitions that it knows. New partitions are added in any case. */
  readonly updates: boolean
  /** Whether the table keeps its columns and gets those that it lacks; else they become those of the files. */
  readonly mergesColumns: boolean
  /** Whether partitions have the columns of the table; else those of their files. */
  readonly inheritsColumns: boolean
}

/** The part of a crawler's Configuration that counts here. */
interface Configuration {
  readonly CrawlerOutput?: {
    readonly Partitions?: { readonly AddOrUpdateBehavior?: string }
    readonly Tables?: { readonly AddOrUpdateBehavior?: string }
  }
}

/**
 * The policy that a crawler was declared with.
 * https://docs.aws.amazon.com/glue/latest/dg/crawler-configuration.html
 */
export function policyOf({
  SchemaChangePolicy,
  Configuration,
}: Pick<Complete<Crawler>, 'SchemaChangePolicy' | 'Configuration'>): CrawlPolicy {
  const { CrawlerOutput = {} } = JSON.parse(Configuration ?? '{}') as Configuration
  return {
    updates: SchemaChangePolicy?.UpdateBehavior !== 'LOG',
    mergesColumns: CrawlerOutput.Tables?.AddOrUpdateBehavior === 'MergeNewColumns',
    inheritsColumns: CrawlerOutput.Partitions?.AddOrUpdateBehavior === 'InheritFromTable',
  }
}

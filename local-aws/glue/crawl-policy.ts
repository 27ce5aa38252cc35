import type { Crawler } from '@aws-sdk/client-glue'
import type { Complete } from '../protocol/shapes.ts'

/** A crawler's reaction to changes that it finds. */
export interface CrawlPolicy {
  /** True if it changes the table and the partitions that it knows. New partitions are added in any case. */
  readonly updates: boolean
  /** True if the table keeps its columns and gets those that it lacks; else it gets the columns of the files. */
  readonly mergesColumns: boolean
  /** True if partitions get the columns of the table; else they get those of their files. */
  readonly inheritsColumns: boolean
}

/** The parts of a crawler's Configuration that are read here. */
interface Configuration {
  readonly CrawlerOutput?: {
    readonly Partitions?: { readonly AddOrUpdateBehavior?: string }
    readonly Tables?: { readonly AddOrUpdateBehavior?: string }
  }
}

/**
 * Reads the policy that a crawler was declared with.
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

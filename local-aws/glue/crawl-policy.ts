import type { Crawler } from '@aws-sdk/client-glue'
import type { Complete } from '../protocol/shapes.ts'

/** Settings of a crawler that decide what it changes in the catalog. */
export interface CrawlPolicy {
  /**
   * True if a crawl also updates the columns of the table and of existing partitions; false if it only adds partitions.
   */
  readonly updates: boolean
  /** With `updates`: true if columns found in files are added to those of the table, false if they replace them. */
  readonly mergesColumns: boolean
  /** True if partitions get the columns of the table, false if they get those of their own first file. */
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
 * Derives a crawler's policy from its SchemaChangePolicy and its Configuration, a JSON text.
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

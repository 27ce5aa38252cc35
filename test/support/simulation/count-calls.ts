import type { Call, Faults } from '@dayfold/local-aws/faults'
import type { Usage } from './cost.ts'

/** Counts the calls that are billed. */
export interface CallCounter {
  /** For the services, which report each call here; none fails. */
  readonly faults: Faults
  usage(): Pick<Usage, 's3Reads' | 's3Writes' | 'crawls' | 'queries'>
}

/** Returns a counter of the calls to local services. */
export function countCalls(): CallCounter {
  const counts = { s3Reads: 0, s3Writes: 0, crawls: 0, queries: 0 }
  return {
    faults: {
      next(call) {
        const kind = kindOf(call)
        if (kind) counts[kind] += 1
        return undefined
      },
      wrote: () => Promise.resolve(),
    },
    usage: () => ({ ...counts }),
  }
}

function kindOf({ service, operation }: Call): keyof ReturnType<CallCounter['usage']> | undefined {
  if (operation === 'StartCrawler') return 'crawls'
  if (operation === 'StartQueryExecution') return 'queries'
  // Deletions are free. https://aws.amazon.com/s3/pricing/
  if (service !== 's3' || operation.startsWith('Delete')) return undefined
  return operation.startsWith('Get') || operation.startsWith('Head') ? 's3Reads' : 's3Writes'
}

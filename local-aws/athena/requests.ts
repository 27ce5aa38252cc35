import { z } from 'zod'

/**
 * The requests that the local Athena takes; what AWS takes as well is refused by name.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
 */
export const startQueryExecution = z.strictObject({
  QueryString: z.string().min(1).max(262_144),
  ClientRequestToken: z.string().min(32).max(128).optional(),
  QueryExecutionContext: z
    .strictObject({ Database: z.string().optional(), Catalog: z.string().optional() })
    .optional(),
  WorkGroup: z.string().optional(),
  ResultConfiguration: z.strictObject({ OutputLocation: z.string().optional() }).optional(),
})

export type StartQueryRequest = z.infer<typeof startQueryExecution>

export const oneQuery = z.strictObject({ QueryExecutionId: z.string().min(1) })

export const getQueryResults = z.strictObject({
  QueryExecutionId: z.string().min(1),
  NextToken: z.string().optional(),
  MaxResults: z.int().min(1).max(1000).optional(),
})

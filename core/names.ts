/**
 * Returns the prefix `<name>--` for names of which a deployment has many, such as those of jobs. No deployment's name
 * contains two hyphens in a row, so that a pattern `dayfold--*` matches nothing of a deployment `dayfold-dev`.
 */
export const manyPrefix = (name: string) => `${name}--`

/**
 * Ending that a deployment's `name` must not have: its pipeline stack would be named like another deployment's data
 * stack.
 */
export const DATA_STACK_ENDING = '-data'

/** Returns the name of the stack that holds the data: bucket, database and tables. */
export const dataStackName = (name: string) => `${name}${DATA_STACK_ENDING}`

/** Returns the name of the data bucket: as configured, else `<name>-data-<account>-<region>`. */
export function dataBucketName(
  { name, dataBucket }: { readonly name: string; readonly dataBucket?: string | undefined },
  { account, region }: { readonly account: string; readonly region: string },
): string {
  return dataBucket ?? `${dataStackName(name)}-${account}-${region}`
}

/**
 * Functions that return the names of the two roles that need the raw bucket. They are known before the roles exist, so
 * that the policy of a bucket in another account can allow them. Role names are unique across the regions of an
 * account, so the region is part of them.
 */
export const RAW_ROLE_NAMES = {
  /** Role of PlanDay, which lists a day's raw files. */
  planDay: (name: string, region: string) => `${name}-plan-day-${region}`,
  /** Role of the job, which lists, reads and decrypts raw files. */
  job: (name: string, region: string) => `${name}-job-${region}`,
} as const

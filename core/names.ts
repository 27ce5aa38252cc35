/**
 * Begins the names of everything that there are many of. No name holds two hyphens in a row, so that a pattern over
 * what begins so covers nothing of another deployment, as `dayfold-*` would of one called `dayfold-dev`.
 */
export const manyPrefix = (name: string) => `${name}--`

/** No `name` may end so: its pipeline would be called like the data of another. */
export const DATA_STACK_ENDING = '-data'

/** Name of the stack that holds the data: bucket, database and tables. */
export const dataStackName = (name: string) => `${name}${DATA_STACK_ENDING}`

/** Name of the data bucket, as it is configured or follows from where it is. */
export function dataBucketName(
  { name, dataBucket }: { readonly name: string; readonly dataBucket?: string | undefined },
  { account, region }: { readonly account: string; readonly region: string },
): string {
  return dataBucket ?? `${dataStackName(name)}-${account}-${region}`
}

/**
 * Names of the two roles that the policy of another account's raw bucket lets in: known before they are there. The region
 * is in them, since names of roles are an account's in all regions.
 */
export const RAW_ROLE_NAMES = {
  /** Lists the raw files of a day. */
  planDay: (name: string, region: string) => `${name}-plan-day-${region}`,
  /** Lists and reads them, and decrypts. */
  job: (name: string, region: string) => `${name}-job-${region}`,
} as const

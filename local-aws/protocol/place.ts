/** The AWS region and account that the local AWS pretends to be; both are parts of most ARNs. */
export interface Place {
  readonly region: string
  /** Account id of 12 digits. */
  readonly account: string
}

/** Region and account that services use by default. They need not exist, because no request leaves this machine. */
export const DEFAULT_PLACE: Place = { region: 'us-east-1', account: '000000000000' }

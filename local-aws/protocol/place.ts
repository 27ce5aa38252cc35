/** The region and account that are simulated here: a part of most ARNs. */
export interface Place {
  readonly region: string
  readonly account: string
}

/** Default region and account. Any valid ones do: nothing leaves this machine. */
export const DEFAULT_PLACE: Place = { region: 'us-east-1', account: '000000000000' }

/** Where AWS has what is served here: a part of most ARNs. */
export interface Place {
  readonly region: string
  readonly account: string
}

/** Any valid region and account do: nothing leaves this machine. */
export const DEFAULT_PLACE: Place = { region: 'us-east-1', account: '000000000000' }

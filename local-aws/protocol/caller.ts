/** The sender of a request: every child process has an access key of its own. */
export interface Caller {
  readonly accessKeyId: string
}

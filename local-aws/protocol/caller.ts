/**
 * The sender of a request, known by the access key that signed it. Every process of a function or a job has a key of
 * its own.
 */
export interface Caller {
  readonly accessKeyId: string
}

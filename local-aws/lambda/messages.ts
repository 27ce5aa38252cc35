/** What the runtime and the process that runs a function's handler say to each other. */

/** To the process: one event. */
export interface InvokeMessage {
  readonly requestId: string
  readonly functionArn: string
  readonly event: unknown
  /** Milliseconds that the function's clock is ahead of this machine's. */
  readonly ahead: number
  /** Milliseconds since 1970, by this machine's clock, when the invocation times out. */
  readonly deadlineMs: number
}

/** An error as Lambda reports it: `trace` is the stack, a line each. */
export interface FunctionErrorData {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

/** From the process: one for each event, or one at all when the handler could not be loaded. */
export type ProcessMessage = { readonly cpuSeconds: number } & (
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'error' | 'init-error'; readonly error: FunctionErrorData }
)

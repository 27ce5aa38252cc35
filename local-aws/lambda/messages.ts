/** Messages between the runtime and the process that runs a function's handler. */

/** The runtime sends one per event to the process. */
export interface InvokeMessage {
  readonly requestId: string
  readonly functionArn: string
  readonly event: unknown
  /** Milliseconds by which the function's clock is ahead of this machine's. */
  readonly ahead: number
  /** Time at which the invocation times out: milliseconds since 1970, by this machine's clock. */
  readonly deadlineMs: number
}

/** An error as Lambda reports it; `trace` is the stack, line by line. */
export interface FunctionErrorData {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace: readonly string[]
}

/** The process sends one per event; a single `init-error` if the handler could not be loaded. */
export type ProcessMessage = { readonly cpuSeconds: number } & (
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'error' | 'init-error'; readonly error: FunctionErrorData }
)

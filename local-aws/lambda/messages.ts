/** Messages between the runtime and the process that runs a function's handler. */

/**
 * Message from the runtime to the process of a function: an event for the handler. The next one follows only after the
 * answer.
 */
export interface InvokeMessage {
  readonly requestId: string
  readonly functionArn: string
  readonly event: unknown
  /** Milliseconds by which the function's clock is ahead of this machine's. */
  readonly ahead: number
  /** Time at which the invocation times out: milliseconds since 1970, by this machine's clock. */
  readonly deadlineMs: number
}

/** An error of a function as Lambda reports it to the function's caller. */
export interface FunctionErrorData {
  /** The error's name, such as `TypeError`; the type of a thrown value that is no Error. */
  readonly errorType: string
  readonly errorMessage: string
  /** The stack, line by line; empty for a thrown value that is no Error. */
  readonly trace: readonly string[]
}

/**
 * Message from the process of a function to the runtime: the answer to an event, or a single `init-error` if the
 * handler could not be loaded. `cpuSeconds` is the user and system time that the process has used since its start.
 */
export type ProcessMessage = { readonly cpuSeconds: number } & (
  | { readonly kind: 'result'; readonly payload: unknown }
  | { readonly kind: 'error' | 'init-error'; readonly error: FunctionErrorData }
)

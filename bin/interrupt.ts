const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Returns a signal that aborts at the first SIGINT or SIGTERM, for example Ctrl-C. A second one ends the process at
 * once.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of SIGNALS) {
    // This listener must stay until the second signal: without any, log-update's signal-exit ends the process at once.
    const onSignal = () => {
      if (!controller.signal.aborted) return controller.abort(new Error(`Interrupted by ${name}.`))
      process.off(name, onSignal)
      process.kill(process.pid, name)
    }
    process.on(name, onSignal)
  }
  return controller.signal
}

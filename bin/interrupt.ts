const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Aborts at the first SIGINT or SIGTERM; a second one ends the process the usual way. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of SIGNALS) {
    // Stays until the second signal: log-update's signal-exit ends the process at once where no listener is left.
    const onSignal = () => {
      if (!controller.signal.aborted) return controller.abort(new Error(`Interrupted by ${name}.`))
      process.off(name, onSignal)
      process.kill(process.pid, name)
    }
    process.on(name, onSignal)
  }
  return controller.signal
}

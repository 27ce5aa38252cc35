/** Aborts at the first SIGINT or SIGTERM; a second one ends the process the usual way. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(new Error(`Interrupted by ${name}.`)))
  }
  return controller.signal
}

import { diskFull, isDiskFull } from '@dayfold/local-aws/errors'

/** What to tell a person of anything thrown; with `isDebug`, the stack of an Error. */
export function errorText(error: unknown, isDebug: boolean): string {
  if (!(error instanceof Error)) return String(error)
  if (isDebug) return error.stack ?? error.message
  return isDiskFull(error) ? diskFull(error) : error.message
}

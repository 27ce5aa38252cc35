import { diskFull, isDiskFull } from '@dayfold/local-aws/errors'

/**
 * Returns the text to print for anything thrown: the message, or the stack if `isDebug`. If the disk is full, the text
 * says what to do.
 */
export function errorText(error: unknown, isDebug: boolean): string {
  if (!(error instanceof Error)) return String(error)
  if (isDebug) return error.stack ?? error.message
  return isDiskFull(error) ? diskFull(error) : error.message
}

const DISK_FULL: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT']

/** What to tell a person of anything thrown, in one sentence or more; with `isDebug`, the stack of an Error. */
export function errorText(error: unknown, isDebug: boolean): string {
  if (!(error instanceof Error)) return String(error)
  if (isDebug) return error.stack ?? error.message
  const { code, path } = error as NodeJS.ErrnoException
  if (!DISK_FULL.includes(code)) return error.message
  const place = path === undefined ? '' : `, ${path}`
  return `The disk is full (${code}${place}). Make room, then run again to go on: nothing is lost.`
}

import { outlineOf, placeOf } from './outline.ts'

/** Describes an error of feature code outside of records: a refused read by its path, any other by its outline. */
export const describeOwn = (error: unknown): string => refusedRead(error, placeOf(error)) ?? outlineOf(error)

/**
 * Describes a read of a file that Node refused to feature code, with the file's path and where it belongs; undefined for
 * any other error. The path may be a value of a record. https://nodejs.org/api/permissions.html
 *
 * @param place text at the end, such as a place in the sources. @default none
 */
export function refusedRead(error: unknown, place = ''): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, permission, resource } = error as Error & Readonly<Record<string, unknown>>
  if (code !== 'ERR_ACCESS_DENIED' || permission !== 'FileSystemRead' || typeof resource !== 'string')
    return undefined
  return `access to ${resource} is restricted: feature code may read only its assets. Put it into the folder that \`assets\` names${place}`
}

import { extname } from 'node:path'
import { DayfoldError } from '../core/errors.ts'

/** Endings of the files that `loadToFile` writes. */
export const LOAD_FORMATS = ['.parquet', '.csv', '.jsonl'] as const
export type LoadFormat = (typeof LOAD_FORMATS)[number]

/**
 * The format that a file's name asks for.
 *
 * @throws DayfoldError InvalidInput for another ending
 */
export function loadFormat(file: string): LoadFormat {
  const ending = extname(file)
  const format = LOAD_FORMATS.find((candidate) => candidate === ending)
  if (format) return format
  const message = `Output file: expected a name that ends in ${LOAD_FORMATS.join(', ')}, found "${file}".`
  throw new DayfoldError('InvalidInput', message)
}

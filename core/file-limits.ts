import type { FileLimits } from './messages.ts'

/** Bounds of files where nothing else is configured: parts of 1,048,576 rows or 1 GiB, row groups of 65,536 rows. */
export const DEFAULT_FILE_LIMITS: FileLimits = {
  partRows: 1_048_576,
  partBytes: 2 ** 30,
  rowGroupRows: 65_536,
}

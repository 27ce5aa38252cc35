/** Bounds of the files that a job makes. */
export interface FileLimits {
  /** Most rows of a part, at most 1,048,576. */
  readonly partRows: number
  /** Most bytes of a part, at most 1 GiB. */
  readonly partBytes: number
  /** Rows that a row group has at least, but for the last of a part. */
  readonly rowGroupRows: number
}

/** Bounds of files where nothing else is configured: parts of 1,048,576 rows or 1 GiB, row groups of 65,536 rows. */
export const DEFAULT_FILE_LIMITS: FileLimits = {
  partRows: 1_048_576,
  partBytes: 2 ** 30,
  rowGroupRows: 65_536,
}

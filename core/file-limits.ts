/** Size limits of the files that a job writes. */
export interface FileLimits {
  /** Maximum number of rows per part, up to 1,048,576. */
  readonly partRows: number
  /** Maximum size of a part in bytes, up to 1 GiB. */
  readonly partBytes: number
  /** Minimum number of rows per row group; the last one of a part may have fewer. */
  readonly rowGroupRows: number
}

/**
 * Size limits of Parquet files that apply unless configured: parts of 1,048,576 rows or 1 GiB, row groups of 65,536
 * rows.
 */
export const DEFAULT_FILE_LIMITS: FileLimits = {
  partRows: 1_048_576,
  partBytes: 2 ** 30,
  rowGroupRows: 65_536,
}

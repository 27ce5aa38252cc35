/**
 * Makes a row of the model: its raw file, the job that read it, and the number of files that this job read. Files are
 * called `a`, `b`, `c` and so on, and arrive in this order.
 */
export const rowOf = (file: string, maker: string, files: number) => `${file}@${maker}:${files}`

/** Returns the rows of a part. */
export const rowsIn = (body: Uint8Array): string[] => Buffer.from(body).toString().split(' ')

/**
 * True if the rows of a day, in order, are one generation of it: each file once, from the first on without a gap, at
 * least as many as were published to begin with, and all rows of each maker.
 */
export function isGeneration(rows: readonly string[], atLeast: number): boolean {
  const files = rows.map((row) => row.slice(0, row.indexOf('@'))).join('')
  const made = new Map<string, number>()
  for (const row of rows) made.set(makerOf(row), (made.get(makerOf(row)) ?? 0) + 1)
  const isEachWhole = [...made].every(([maker, rows]) => maker.endsWith(`:${rows}`))
  return rows.length >= atLeast && 'abcdefgh'.startsWith(files) && isEachWhole
}

const makerOf = (row: string) => row.slice(row.indexOf('@') + 1)

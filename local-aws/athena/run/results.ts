import { open } from 'node:fs/promises'

/** A row of results: each value as the text that Athena writes for it; null stands for SQL's NULL. */
export type ResultRow = readonly (string | null)[]

/**
 * Returns the line that Athena writes for a row into its CSV file of results, with the line feed: values in quotes,
 * nothing for NULL. https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
 */
export function resultLine(row: ResultRow): string {
  return `${row.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`
}

/** A page of rows from a file of results. */
export interface ResultPage {
  readonly rows: ResultRow[]
  /** Offset of the next page, in bytes; undefined after the last one. */
  readonly next: number | undefined
}

const CHUNK_BYTES = 1 << 18
const QUOTE = 0x22
const NEWLINE = 0x0a

/**
 * Reads at most `count` rows from a file of results. Holds these rows and about 256 KiB more in memory.
 *
 * @param offset byte at which the first row begins: 0, or `next` of the page before
 */
export async function readResultPage(path: string, offset: number, count: number): Promise<ResultPage> {
  await using file = await open(path)
  const { size } = await file.stat()
  const rows: ResultRow[] = []
  let rest = Buffer.alloc(0)
  let position = offset
  while (position + rest.length < size && rows.length < count) {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(CHUNK_BYTES),
      0,
      CHUNK_BYTES,
      position + rest.length,
    )
    const data = Buffer.concat([rest, buffer.subarray(0, bytesRead)])
    let start = 0
    for (const end of lineEnds(data)) {
      if (rows.length === count) break
      rows.push(parseLine(data.toString('utf8', start, end)))
      start = end + 1
    }
    position += start
    rest = data.subarray(start)
  }
  return { rows, next: position < size ? position : undefined }
}

/** Yields the indices of newlines that end a row, outside quotes. `data` must begin with a row. */
function* lineEnds(data: Buffer): Generator<number> {
  let quoted = false
  for (let index = 0; index < data.length; index += 1) {
    if (data[index] === QUOTE) quoted = !quoted
    else if (data[index] === NEWLINE && !quoted) yield index
  }
}

const CELL = /(?:"((?:[^"]|"")*)")?(?:,|$)/gy

function parseLine(line: string): ResultRow {
  const cells: (string | null)[] = []
  CELL.lastIndex = 0
  for (let ended = false; !ended;) {
    const match = CELL.exec(line)
    if (!match) throw new Error(`Result file: expected cells in quotes, found ${line.slice(0, 100)}.`)
    cells.push(match[1]?.replaceAll('""', '"') ?? null)
    ended = !match[0].endsWith(',')
  }
  return cells
}

import { open } from 'node:fs/promises'

/** A row of results: each value as the text that Athena writes, null for null. */
export type ResultRow = readonly (string | null)[]

/**
 * Returns a row as a line of Athena's result file: values in quotes, nothing for null.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
 */
export function resultLine(row: ResultRow): string {
  return `${row.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`
}

/** Some rows of a result file. */
export interface ResultPage {
  readonly rows: ResultRow[]
  /** Offset of the next page, in bytes; undefined after the last one. */
  readonly next: number | undefined
}

const CHUNK_BYTES = 1 << 18
const QUOTE = 0x22
const NEWLINE = 0x0a

/** Reads at most `count` rows of a result file from an offset in bytes. Holds one page in memory. */
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

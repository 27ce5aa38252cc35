import { parquetReadObjects } from 'hyparquet'

/** Reads the rows of a Parquet file, each as text that tells its values apart. */
export async function readPart(content: Buffer): Promise<string[]> {
  const file = Uint8Array.from(content).buffer
  const rows = await parquetReadObjects({ file })
  return rows.map((row) =>
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)),
  )
}

import { datasets as deployed } from '../processing/datasets/index.ts'

let isFirst = true

/** The deployed datasets; each worker prints when it has made its first row. */
export const datasets = deployed.map((dataset) => {
  const extract = dataset.extract as (record: unknown, context: unknown) => unknown
  return {
    ...dataset,
    extract: (record: unknown, context: unknown) => {
      const row = extract(record, context)
      if (isFirst) process.stderr.write(`first row ${Date.now()}\n`)
      isFirst = false
      return row
    },
  }
})

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { reportKey, STAGING } from '../../../core/layout.ts'
import { decodeReport, type JobReport } from '../../../core/job-report.ts'

/** Reads the reports of the jobs in a home, in no particular order. */
export function readReports(home: string): JobReport[] {
  const staging = join(home, 's3/data', STAGING)
  const files = readdirSync(staging, { recursive: true, withFileTypes: true })
  return files
    .filter(({ name }) => name === reportKey(''))
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return decodeReport(readFileSync(path), path)
    })
}

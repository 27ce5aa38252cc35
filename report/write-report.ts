import type { Bucket } from '../aws/objects.ts'
import { putObject } from '../aws/write-objects.ts'
import { pageKey } from '../core/layout.ts'
import type { Summary } from '../core/messages.ts'
import { renderPage } from './page/render-page.ts'
import { lookAtRun, type LookAtRunOptions } from './read/look-at-run.ts'

/**
 * Writes the page of an execution to the data bucket, beside its summary. The page contains no values of records: raw
 * data must stay within published and rejected records.
 *
 * @returns key of the page
 */
export async function writeReport(
  data: Bucket,
  summary: Summary,
  options: Omit<LookAtRunOptions, 'showsValues'>,
): Promise<string> {
  const page = renderPage(await lookAtRun(data, summary, { ...options, showsValues: false }))
  const key = pageKey(summary.execution.name)
  await putObject(data, key, page, { contentType: 'text/html; charset=utf-8' })
  return key
}

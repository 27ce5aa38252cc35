import type { Bucket } from '../aws/objects.ts'
import { putObject } from '../aws/write-objects.ts'
import { pageKey } from '../core/layout.ts'
import type { Summary } from '../core/messages.ts'
import { renderPage } from './page/render-page.ts'
import { lookAtRun, type LookAtRunOptions } from './read/look-at-run.ts'

/**
 * Writes the page about an execution to its place in the data bucket. The page contains no text of records: raw data
 * belongs in published and rejected records only.
 *
 * @returns its key
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

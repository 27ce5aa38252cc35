import type { Bucket } from '../aws/objects.ts'
import { putObject } from '../aws/write-objects.ts'
import { summaryKey } from '../core/layout.ts'
import type { Summary } from '../core/messages.ts'

/** Writes the page of an execution and returns its key in the data bucket; undefined if it could not be written. */
export type WritePage = (summary: Summary) => Promise<string | undefined>

/**
 * Writes the summary of an execution to `runs/<execution>/summary.json`, then its page, then the summary again with the
 * page's key. A page that fails leaves the summary without it.
 *
 * @param writePage undefined for no page
 */
export async function putSummary(
  data: Bucket,
  summary: Summary,
  writePage: WritePage | undefined,
): Promise<void> {
  const key = summaryKey(summary.execution.name)
  await putObject(data, key, JSON.stringify(summary))
  const report = await writePage?.(summary)
  if (report !== undefined && report !== summary.report)
    await putObject(data, key, JSON.stringify({ ...summary, report } satisfies Summary))
}

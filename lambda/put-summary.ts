import type { Bucket } from '../aws/objects.ts'
import { putObject } from '../aws/write-objects.ts'
import { summaryKey } from '../core/layout.ts'
import type { Summary } from '../core/messages.ts'

/** Writes the page about an execution and gives its key; undefined where that did not come off. */
export type WritePage = (summary: Summary) => Promise<string | undefined>

/** Writes the summary of an execution, then the page about it, and then the summary once more with a link to that. */
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

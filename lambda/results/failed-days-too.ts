/**
 * What `work` gives. What it throws, under the same name, ends the execution in place of the failed days, whose only
 * witness would then be the summary: so it tells of them as well.
 *
 * @param failedDays what Collect said of them; empty or absent: none
 */
export async function tellingOfFailedDays<T>(
  failedDays: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && failedDays) error.message = `${error.message} ${failedDays}`
    throw error
  }
}

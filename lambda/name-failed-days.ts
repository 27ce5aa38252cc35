/**
 * Gives what `work` gives. What it throws ends the execution in place of the days that failed, and only the summary
 * would tell of these: the error's message names them as well.
 *
 * @param failedDays what Collect said of them; empty or absent: none
 */
export async function namingFailedDays<T>(
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

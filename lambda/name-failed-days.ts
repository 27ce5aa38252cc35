/**
 * Runs `work` and returns its result. If `work` throws, adds `failedDays` to the error's message: that error ends the
 * execution before the state that would name them, and otherwise only the summary would.
 *
 * @param failedDays Collect's text about failed days; empty or undefined if there are none
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

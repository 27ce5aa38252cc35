/**
 * Returns the result of `work`. An error that it throws ends the execution before failed days can: their names are
 * added to its message, as nothing but the summary would tell them otherwise.
 *
 * @param failedDays Collect's sentence about failed days; empty or undefined if there are none
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

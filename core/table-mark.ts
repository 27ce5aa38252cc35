/** Name of the Glue table parameter that distinguishes Dayfold's tables from others in the database. */
export const TABLE_MARK = 'dayfold'

/**
 * Values of the table parameter {@link TABLE_MARK}: `features` for the table of a dataset, `rejected` for the table of
 * its rejected records.
 */
export const MARKED = { features: 'features', rejected: 'rejected' } as const

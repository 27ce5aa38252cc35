/** Table parameter that distinguishes Dayfold's tables from others in the database. */
export const TABLE_MARK = 'dayfold'

/** Values of {@link TABLE_MARK}: what a marked table holds. */
export const MARKED = { features: 'features', rejected: 'rejected' } as const

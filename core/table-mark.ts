/** Table parameter by which Dayfold's tables are told from others of the database. */
export const TABLE_MARK = 'dayfold'

/** What the marked tables hold, as the value of their mark says it. */
export const MARKED = { features: 'features', rejected: 'rejected' } as const

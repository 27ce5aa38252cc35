/** The default prefix of all names in an account. */
export const DEFAULT_NAME = 'dayfold'

/** Name of a dataset's crawler. */
export const crawlerName = (name: string, dataset: string) => `${name}-${dataset}`

/** Label of the Map: stands in the ARNs of its children, of which each works on a dataset-day. */
export const DAY_LABEL = 'Day'

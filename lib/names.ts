/** The default prefix of all names in an account. */
export const DEFAULT_NAME = 'dayfold'

/**
 * Begins the names of everything that there are many of. No name holds two hyphens in a row, so that a pattern over
 * what begins so covers nothing of another deployment, as `dayfold-*` would of one called `dayfold-dev`.
 */
export const manyPrefix = (name: string) => `${name}--`

/** Name of a dataset's crawler. */
export const crawlerName = (name: string, dataset: string) => `${manyPrefix(name)}${dataset}`

/** Name of the stack that holds the data: bucket, database and tables. */
export const dataStackName = (name: string) => `${name}${DATA_STACK_ENDING}`
/** No `name` may end so: its pipeline would be called like the data of another. */
export const DATA_STACK_ENDING = '-data'

/** Label of the Map: stands in the ARNs of its children, of which each works on a dataset-day. */
export const DAY_LABEL = 'Day'

/** Name of an alarm. */
export const alarmName = (name: string, kind: string, dataset?: string) =>
  [`${manyPrefix(name)}${kind}`, ...(dataset === undefined ? [] : [dataset])].join('-')

/** Name of the rule that tells of executions which ended so. */
export const noticeRuleName = (name: string, end: string) => `${manyPrefix(name)}${end.toLowerCase()}`

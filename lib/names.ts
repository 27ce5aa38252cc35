import { manyPrefix } from '../core/names.ts'

/** The default prefix of all names in an account. */
export const DEFAULT_NAME = 'dayfold'

/** Name of a dataset's crawler. */
export const crawlerName = (name: string, dataset: string) => `${manyPrefix(name)}${dataset}`

/** Label of the Map: stands in the ARNs of its children, of which each works on a dataset-day. */
export const DAY_LABEL = 'Day'

/** Name of an alarm. */
export const alarmName = (name: string, kind: string, dataset?: string) =>
  [`${manyPrefix(name)}${kind}`, ...(dataset === undefined ? [] : [dataset])].join('-')

/** Name of the rule that tells of executions which ended so. */
export const noticeRuleName = (name: string, end: string) => `${manyPrefix(name)}${end.toLowerCase()}`

import { manyPrefix } from '../core/names.ts'

/** Default prefix of all names in an account. */
export const DEFAULT_NAME = 'dayfold'

/** Returns the name of a dataset's crawler, `<name>--<dataset>`: policies match crawlers by this prefix. */
export const crawlerName = (name: string, dataset: string) => `${manyPrefix(name)}${dataset}`

/** Label of the Map, which the ARNs of its children contain. Each child works on one dataset-day. */
export const DAY_LABEL = 'Day'

/** Returns the name of an alarm, `<name>--<kind>`, with `-<dataset>` if it watches one; the kind `*` matches all. */
export const alarmName = (name: string, kind: string, dataset?: string) =>
  [`${manyPrefix(name)}${kind}`, ...(dataset === undefined ? [] : [dataset])].join('-')

/** Returns the name of the rule for executions with an end such as `Failed`: `<name>--failed`. */
export const noticeRuleName = (name: string, end: string) => `${manyPrefix(name)}${end.toLowerCase()}`

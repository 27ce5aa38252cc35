import { manyPrefix } from '../core/names.ts'

/** Default `name` of a deployment, which begins the names of all of its resources. */
export const DEFAULT_NAME = 'dayfold'

/**
 * Returns the name of a dataset's crawler, `<name>--<dataset>`. Policies match crawlers by the part before the dataset.
 *
 * @param name `name` of the deployment
 */
export const crawlerName = (name: string, dataset: string) => `${manyPrefix(name)}${dataset}`

/** Label of the Map, a part of its children's ARNs. Each child works on one dataset-day. */
export const DAY_LABEL = 'Day'

/**
 * Returns the name of an alarm, `<name>--<kind>`, or `<name>--<kind>-<dataset>` if it watches one dataset. With `*` as
 * kind, it is a pattern for all alarms.
 *
 * @param name `name` of the deployment
 */
export const alarmName = (name: string, kind: string, dataset?: string) =>
  [`${manyPrefix(name)}${kind}`, ...(dataset === undefined ? [] : [dataset])].join('-')

/**
 * Returns the name of the EventBridge rule for executions with an end such as `Failed`: `<name>--failed`.
 *
 * @param name `name` of the deployment
 */
export const noticeRuleName = (name: string, end: string) => `${manyPrefix(name)}${end.toLowerCase()}`

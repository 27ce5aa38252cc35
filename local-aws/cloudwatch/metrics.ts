/** Identity of a metric: metrics of one name with different dimensions are different metrics. */
export interface MetricId {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

/** All values that were recorded for metrics. They are held in memory until the process ends. */
export interface MetricStore {
  /** Records the values in a function's log line if it has the embedded metric format; ignores any other line. */
  takeLine(line: string): void
  /**
   * Records one value of a metric.
   *
   * @param at milliseconds since 1970
   */
  put(metric: MetricId, value: number, at: number): void
  /**
   * Returns the values recorded for times after `from` and up to `to`, both in milliseconds since 1970, oldest first.
   */
  values(metric: MetricId, from: number, to: number): number[]
  /**
   * Returns every metric that has a value, in the order of their first values. On AWS each would be billed as a custom
   * metric.
   */
  metrics(): MetricId[]
}

interface EmbeddedLine {
  readonly _aws: {
    readonly Timestamp: number
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string
      readonly Dimensions: readonly (readonly string[])[]
      readonly Metrics: readonly { readonly Name: string }[]
    }[]
  }
  readonly [field: string]: unknown
}

interface Told {
  readonly value: number
  readonly at: number
}

/** Creates an empty store. It never drops a value, so it suits tests and runs of limited length. */
export function metricStore(): MetricStore {
  const told = new Map<string, Told[]>()
  const ids = new Map<string, MetricId>()
  function put(metric: MetricId, value: number, at: number): void {
    const key = keyOf(metric)
    ids.set(key, metric)
    told.set(key, [...(told.get(key) ?? []), { value, at }])
  }
  return {
    put,
    takeLine(line) {
      for (const { metric, value, at } of embeddedIn(line)) put(metric, value, at)
    },
    values: (metric, from, to) =>
      (told.get(keyOf(metric)) ?? [])
        .filter(({ at }) => at > from && at <= to)
        .sort((one, other) => one.at - other.at)
        .map(({ value }) => value),
    metrics: () => [...ids.values()],
  }
}

/**
 * Returns the values of a line, one per set of dimensions. A set that names a missing field makes no metric.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function embeddedIn(text: string): { metric: MetricId; value: number; at: number }[] {
  const line = parsed(text)
  if (!line) return []
  return line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) =>
      Dimensions.flatMap((names) => {
        const values = [line[Name]].flat()
        const isWhole = names.every((name) => typeof line[name] === 'string')
        if (!isWhole || values.some((value) => typeof value !== 'number')) return []
        const dimensions = Object.fromEntries(names.map((name) => [name, line[name] as string]))
        const metric = { namespace: Namespace, name: Name, dimensions }
        return values.map((value) => ({ metric, value: value as number, at: line._aws.Timestamp }))
      }),
    ),
  )
}

function parsed(text: string): EmbeddedLine | undefined {
  if (!text.startsWith('{') || !text.includes('"_aws"')) return undefined
  try {
    const line = JSON.parse(text) as Partial<EmbeddedLine>
    return line._aws?.CloudWatchMetrics ? (line as EmbeddedLine) : undefined
  } catch {
    return undefined
  }
}

const keyOf = ({ namespace, name, dimensions }: MetricId) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort()])

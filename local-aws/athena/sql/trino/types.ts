import type { DuckDBConnection } from '@duckdb/node-api'
import { call, copyOf, mapChildren, type Node } from './tree.ts'
import { sqlOf } from './write.ts'

/** Finds out the types of expressions by asking DuckDB. */
export interface TypeOracle {
  /**
   * Returns the type that an expression has in a SELECT, in DuckDB's spelling; undefined if DuckDB does not look at the
   * SELECT because nothing reads it.
   *
   * @param within where the expression is, if it is inside a lambda
   */
  typeOf(select: Node, expression: Node, within?: Within): Promise<string | undefined>
}

/**
 * Position of an expression inside a lambda: `whole` is the call that the lambda is an argument of, `parent[key]` is
 * the expression.
 */
export interface Within {
  readonly whole: Node
  readonly parent: Node | unknown[]
  readonly key: string | number
}

/** A function that accepts no argument, so that DuckDB's error names the argument's type. */
const MISFIT = 'pi'
const FOUND = /argument types 'pi\((.*?)\)'\. You might/s

/**
 * Creates a {@link TypeOracle} for the SELECTs of a tree. It changes the tree while it asks, and restores it before it
 * answers.
 */
export function typeOracle(connection: DuckDBConnection, tree: Node): TypeOracle {
  const ask = async (): Promise<string | undefined> => {
    try {
      const prepared = await connection.prepare(await sqlOf(connection, tree))
      prepared.destroySync()
      return undefined
    } catch (error) {
      const [, found] = FOUND.exec((error as Error).message) ?? []
      if (found === undefined) throw error
      return found
    }
  }
  const askOf = async (select: Node, item: Node): Promise<string | undefined> => {
    const saved = { ...select }
    Object.assign(select, {
      ...{ select_list: [item], where_clause: null, group_expressions: [], group_sets: [] },
      ...{ having: null, qualify: null, modifiers: [], aggregate_handling: 'STANDARD_HANDLING' },
    })
    try {
      return await ask()
    } finally {
      Object.assign(select, saved)
    }
  }
  return {
    async typeOf(select, expression, within) {
      const probe = call(MISFIT, copyOf(expression))
      if (!within) return await orAggregated(probe, (item) => askOf(select, item))
      const holder = within.parent as Record<string | number, unknown>
      const kept = holder[within.key]
      holder[within.key] = probe
      try {
        return await orAggregated(copyOf(within.whole), (item) => askOf(select, item))
      } finally {
        holder[within.key] = kept
      }
    },
  }
}

/** Asks again with any_value around columns if DuckDB wants them grouped: any value of a column has its type. */
async function orAggregated(item: Node, ask: (item: Node) => Promise<string | undefined>) {
  try {
    return await ask(item)
  } catch (error) {
    if (!/must appear in the GROUP BY|GROUP BY clause/.test((error as Error).message)) throw error
    return await ask(anyValues(item))
  }
}

const AGGREGATES = new Set(
  'stddev_pop avg stddev_samp bit_and arg_max arg_min approx_quantile approx_count_distinct var_pop variance covar_samp list regr_slope regr_intercept var_samp max first histogram array_agg quantile_disc stddev bit_or any_value arg_max_null arg_min_null kurtosis bool_and count count_if count_star covar_pop sum bool_or min corr geomean'.split(
    ' ',
  ),
)

function anyValues(node: Node): Node {
  if (node.class === 'COLUMN_REF') return call('any_value', node)
  if (node.class === 'SUBQUERY' || node.class === 'LAMBDA' || AGGREGATES.has(node.function_name ?? ''))
    return node
  return mapChildren(node, anyValues)
}

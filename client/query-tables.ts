import { queryText, runQuery } from '../aws/athena-query.ts'
import { DayfoldError } from '../core/errors.ts'
import { rejectedTable } from '../core/layout.ts'
import type { Target } from './target.ts'

/** The tables that a query reads: those of datasets, and others. */
export interface QueryTables {
  /** Datasets whose table, or table of rejected records, the query reads. */
  readonly datasets: readonly string[]
  /** Other tables, as `database.table`. Their completeness cannot be checked. */
  readonly others: readonly string[]
}

/** Part of the output of EXPLAIN (TYPE IO). */
interface InputTable {
  readonly table: { readonly schemaTable: Input }
}

interface Input {
  readonly schema: string
  readonly table: string
}

/**
 * Finds the tables that a SELECT reads, also through views, as Athena plans it. Costs nothing, because no data is read.
 * https://docs.aws.amazon.com/athena/latest/ug/athena-explain-statement.html
 *
 * @throws DayfoldError InvalidInput for SQL that reads no table of a dataset, so that nothing could be checked
 * @throws DayfoldError QueryFailed for SQL that Athena refuses
 */
export async function queryTables(target: Target, sql: string): Promise<QueryTables> {
  const { clients, database, workgroup } = target
  const explain = `EXPLAIN (TYPE IO, FORMAT JSON) ${sql}`
  const query = await runQuery(explain, { athena: clients.athena, database, workgroup })
  const inputs = inputTables(await queryText(clients.athena, query))
  const byTable = new Map(
    target.datasets.flatMap(({ name }) => [name, rejectedTable(name)].map((table) => [table, name])),
  )
  const own = inputs.filter(({ schema, table }) => schema === database && byTable.has(table))
  const others = inputs.filter((input) => !own.includes(input))
  if (own.length === 0) throw nothingToCheck(target, others)
  return {
    datasets: unique(own.map(({ table }) => byTable.get(table)!)),
    others: unique(others.map(({ schema, table }) => `${schema}.${table}`)),
  }
}

function nothingToCheck({ datasets }: Target, others: readonly Input[]): DayfoldError {
  const names = datasets.map(({ name }) => name).join(', ')
  const found = others.map(({ schema, table }) => `${schema}.${table}`).join(', ') || 'none'
  return new DayfoldError(
    'InvalidInput',
    `SQL: expected it to read a table of ${names} with --from and --to, found ${found}. Load without them: nothing can be checked.`,
  )
}

const unique = (names: readonly string[]) => [...new Set(names)].sort()

/** The JSON document may follow a title. */
function inputTables(text: string): Input[] {
  const document = text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)
  try {
    const plan = JSON.parse(document) as { readonly inputTableColumnInfos: readonly InputTable[] }
    return plan.inputTableColumnInfos.map(({ table }) => table.schemaTable)
  } catch (cause) {
    throw new DayfoldError(
      'QueryFailed',
      `EXPLAIN (TYPE IO, FORMAT JSON): expected the tables that the query reads, found ${text.slice(0, 200)}. Load without --from and --to.`,
      { cause },
    )
  }
}

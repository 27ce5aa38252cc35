import { expect, test } from 'vitest'
import { queryTables } from '../../client/query-tables.ts'
import type { Target } from '../../client/target.ts'

/** Returns a target whose Athena answers EXPLAIN with these lines. */
function explaining(...lines: readonly string[]): Target {
  const answers: Readonly<Record<string, object>> = {
    StartQueryExecutionCommand: { QueryExecutionId: 'id' },
    GetQueryExecutionCommand: { QueryExecution: { Status: { State: 'SUCCEEDED' } } },
    GetQueryResultsCommand: {
      ResultSet: { Rows: lines.map((line) => ({ Data: [{ VarCharValue: line }] })) },
    },
  }
  const send = (command: object) => Promise.resolve(answers[command.constructor.name])
  return {
    clients: { athena: { send } },
    database: 'dayfold',
    workgroup: 'dayfold',
    datasets: [{ name: 'jobs' }, { name: 'clicks' }],
  } as unknown as Target
}

const plan = (...tables: readonly string[]) =>
  JSON.stringify({
    inputTableColumnInfos: tables.map((name) => {
      const [schema, table] = name.split('.')
      return {
        table: { catalog: 'awsdatacatalog', schemaTable: { schema, table } },
        constraint: { none: false },
      }
    }),
    estimate: {},
  })

test('tables of datasets and of their rejects count as the dataset, others are named', async () => {
  const target = explaining(
    'Query Plan',
    ...plan(
      'dayfold.jobs',
      'dayfold.clicks_rejected',
      'dayfold.jobs_rejected',
      'other.jobs',
      'dayfold.notes',
    ).split(/(?<=,)/),
  )
  expect(await queryTables(target, 'SELECT')).toEqual({
    datasets: ['clicks', 'jobs'],
    others: ['dayfold.notes', 'other.jobs'],
  })
})

test('SQL that reads no dataset is refused, and so is a plan that says something else', async () => {
  await expect(queryTables(explaining(plan('other.jobs')), 'SELECT')).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining('found other.jobs') as string,
  })
  await expect(queryTables(explaining('Fragment 0 [SINGLE]'), 'SELECT')).rejects.toMatchObject({
    code: 'QueryFailed',
    message: expect.stringContaining('found Fragment 0') as string,
  })
})

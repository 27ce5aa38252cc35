import { expect, test } from 'vitest'
import { glueType, type ColumnSpec } from '../../../core/columns.ts'
import { startCrawler } from '../../../lambda/catalog/start-crawler.ts'
import { runDay } from '../../support/lambda/run-day.ts'
import { CRAWLER, TABLE } from '../../support/lambda/dataset.ts'
import { DAY, startWorld, type World } from '../../support/lambda/world.ts'

/** Deploys a stack that declares these columns. */
async function deploy(world: World, columns: readonly ColumnSpec[]): Promise<void> {
  const { input } = await world.glue.catalog.table(TABLE)
  const Columns = columns.map((column) => ({ Name: column.name, Type: glueType(column) }))
  await world.glue.catalog.updateTable(TABLE, {
    ...input,
    StorageDescriptor: { ...input.StorageDescriptor, Columns },
  })
}

const text = (name: string): ColumnSpec => ({ name, kind: 'string', nullable: true })

/** Files of the day before the deployment hold the column `id`. */
const deployments = {
  'a column was added and dropped again': [[text('id'), text('more')], [text('id')]],
  'a column was renamed': [[text('ident')]],
  'a column was renamed, and the code rolled back': [[text('ident')], [text('id')]],
}

test.each(Object.entries(deployments))(
  'after %s and old days were crawled, days are published',
  async (_, versions) => {
    const world = await startWorld()
    world.putRaw('a.jsonl', ['a1'])
    await runDay(world)
    const { ledger } = world.process('crawl', 'arn:crawl')
    for (const [index, columns] of versions.entries()) {
      await deploy(world, columns)
      expect(await startCrawler(ledger, TABLE, CRAWLER)).toBe('started')
      await world.glue.idle()
      const day = { ...DAY, date: `2024-01-1${index}` }
      world.putRaw('b.jsonl', ['b1'], day)
      const outcome = await runDay(world, { day, columns, featureVersion: `of deployment ${index}` })
      expect(outcome).toMatchObject({ status: 'published', newDay: true })
    }
  },
)

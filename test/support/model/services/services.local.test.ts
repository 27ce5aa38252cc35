import { describe, expect, onTestFinished, test } from 'vitest'
import { TABLE, CRAWLER } from '../../lambda/dataset.ts'
import { startWorld } from '../../lambda/world.ts'
import type { World } from './call.ts'
import { PLACES, SERVICE_CASES } from './cases.ts'
import { Cells } from './cells.ts'
import { clientsOver, type Clients } from './clients.ts'
import { glueOperations } from './glue.ts'
import { s3Operations } from './s3.ts'

/** Returns clients of the model's services, which answer at once. */
function modelClients(): Clients {
  let world: World = { cells: Cells.empty, now: 1_700_000_000 }
  const table = { Name: PLACES.table, StorageDescriptor: { Columns: [{ Name: 'id', Type: 'string' }] } }
  return clientsOver({
    s3: s3Operations(),
    glue: glueOperations({ tables: [table], crawlers: [PLACES.crawler] }),
    perform(call) {
      const answer = call.run(world)
      world = answer.world
      return answer
    },
  })
}

/** Returns clients of local AWS, whose crawls do not end before the test does. */
async function localClients(): Promise<Clients> {
  let end = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  const world = await startWorld({ beforeCrawl: () => ended })
  onTestFinished(end)
  const { data, catalog } = world.process('test', 'test').ledger
  return { s3: data.s3, glue: catalog.glue }
}

test('both have what the cases ask for', () => {
  expect(PLACES).toMatchObject({ table: TABLE, crawler: CRAWLER })
})

describe.each([
  ['of the model', modelClients],
  ['of local AWS', localClients],
] as const)('S3 and Glue %s', (_, connect) => {
  test.each(SERVICE_CASES)('$name', async ({ does, gives }) => {
    expect(await does(await connect())).toEqual(gives)
  })
})

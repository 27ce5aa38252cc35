import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { putObject } from '../../../aws/write-objects.ts'
import { DAY, startWorld, type World } from './world.ts'

/** What 0.1.0 left when its publisher died, in each phase that there was. */
export interface FormerSample {
  /** Ids that the day holds once its publish is finished. */
  readonly ids: readonly string[]
  /** Of the partition, if there is one. */
  readonly location?: string
  /** Raw files by name. */
  readonly raw: Readonly<Record<string, string>>
  readonly objects: Readonly<
    Record<string, { readonly body: string; readonly metadata?: Readonly<Record<string, string>> }>
  >
}

const SAMPLES = join(import.meta.dirname, '../../fixtures/ledger/0.1.0')
/** A sample of each phase, by name. */
export const formerSamples = readdirSync(SAMPLES).map((file, story) => ({
  story,
  name: file.replace('.json', ''),
  sample: JSON.parse(readFileSync(join(SAMPLES, file), 'utf8')) as FormerSample,
}))
/** Whether a sample lacks files of its publish. */
export const isLost = (name: string) => /gone|undoing/.test(name)

/** A world in which it lies. */
export async function formerWorld({ raw, objects, location }: FormerSample): Promise<World> {
  const world = await startWorld()
  for (const [name, text] of Object.entries(raw)) world.putRaw(name, text.split('\n').filter(Boolean))
  const { ledger } = world.process('former', 'former')
  for (const [key, { body, metadata }] of Object.entries(objects)) {
    await putObject(ledger.data, key, Buffer.from(body, 'base64'), metadata && { metadata })
  }
  const { input } = await world.glue.catalog.table(DAY.dataset)
  const StorageDescriptor = { ...input.StorageDescriptor, Location: location! }
  if (location)
    await world.glue.catalog.createPartition(DAY.dataset, { Values: [DAY.date], StorageDescriptor })
  return world
}

import { expect, test } from 'vitest'
import { partitionPrefix } from '../../../../core/layout.ts'
import { EMPTY_MANIFEST, type Manifest } from '../../../../core/manifest.ts'
import { readManifest, writeManifest } from '../../../../lambda/ledger/manifest-store.ts'
import { setRight } from '../../../../lambda/ledger/operations/point.ts'
import { partitionLocation, pointElsewhere } from '../../../support/lambda/partition-location.ts'
import { runDay } from '../../../support/lambda/run-day.ts'
import { DAY, startWorld } from '../../../support/lambda/world.ts'

const HOME = `s3://data/${partitionPrefix(DAY.dataset, DAY.date)}`
const INTENT = { operation: 'retire', nonce: 'n', holder: 'arn:other' } as const

test.each<[string, boolean, string, (manifest: Manifest) => Manifest]>([
  ['that points elsewhere is corrected', true, 's3://data/elsewhere/', (manifest) => manifest],
  ['that points to the published folder is left', false, HOME.slice(0, -1), (manifest) => manifest],
  [
    'of a day with an open intent is left to its holder',
    false,
    's3://data/elsewhere/',
    (manifest) => ({ ...manifest, intent: INTENT }),
  ],
  ['of a day without a publish is left', false, 's3://data/elsewhere/', () => EMPTY_MANIFEST],
])('a partition %s', async (_, isCorrected, location, change) => {
  const world = await startWorld()
  world.putRaw('a.jsonl', ['a1'])
  await runDay(world)
  const { ledger } = world.process('test', 'arn')
  const { manifest, etag } = await readManifest(ledger.data, DAY)
  await writeManifest(ledger.data, DAY, change(manifest), etag)
  await pointElsewhere(world, location)
  const { length } = world.writes
  expect(await setRight(ledger, DAY)).toBe(isCorrected)
  expect(world.writes.length > length).toBe(isCorrected)
  expect(await partitionLocation(world)).toBe(isCorrected ? HOME : location)
  expect(world.keys('state/_open/')).toEqual([])
})

import { utimesSync } from 'node:fs'
import {
  CopyObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { advancingClock } from '../../clock.ts'
import { homePaths } from '../../home/paths.ts'
import { SIGNED, startS3, tempHome, type TestS3 } from '../support/start-s3.ts'

const HOUR = 3_600_000
const Bucket = 'data'

const put = ({ client }: TestS3, Key: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))
const age = async ({ client, url }: TestS3, Key: string) => {
  const { LastModified } = await client.send(new HeadObjectCommand({ Bucket, Key }))
  const { headers } = await fetch(`${url}/data?list-type=2`, { headers: SIGNED })
  return Date.parse(headers.get('date')!) - LastModified!.getTime()
}
const hours = (milliseconds: number) => Math.round(milliseconds / HOUR) + 0

test('Date and Last-Modified go by the clock of the service', async () => {
  const clock = advancingClock()
  const s3 = await startS3(tempHome(), { clock })
  await put(s3, 'before')
  clock.advance(2 * HOUR)
  await put(s3, 'after')
  const copy = { Bucket, Key: 'copy', CopySource: 'data/before' }
  const { CopyObjectResult } = await s3.client.send(new CopyObjectCommand(copy))
  expect(hours(await age(s3, 'before'))).toBe(2)
  expect(hours(await age(s3, 'after'))).toBe(0)
  expect(hours(await age(s3, 'copy'))).toBe(0)
  expect(hours(CopyObjectResult!.LastModified!.getTime() - Date.now())).toBe(2)
  const { Contents } = await s3.client.send(new ListObjectsV2Command({ Bucket }))
  const listed = Contents!.map(({ Key, LastModified }) => [Key, hours(LastModified!.getTime() - Date.now())])
  expect(listed).toEqual([
    ['after', 2],
    ['before', 0],
    ['copy', 2],
  ])
})

test('what was written under a clock that is ahead is as old after a restart under the same clock', async () => {
  const clock = advancingClock({ ahead: 2 * HOUR })
  const s3 = await startS3(tempHome(), { clock })
  await put(s3, 'x')
  clock.advance(HOUR)
  const again = await startS3(s3.home, { clock: advancingClock({ ahead: clock.ahead }) })
  expect(hours(await age(again, 'x'))).toBe(1)
  const aging = await startS3(s3.home, { clock, ageEarlierObjectsSeconds: 24 * 3600 })
  expect(hours(await age(aging, 'x'))).toBe(25)
  await put(aging, 'y')
  expect(hours(await age(aging, 'y'))).toBe(0)
})

test('an object out of the future, from before a clock was set back, counts as from before the start', async () => {
  const s3 = await startS3()
  await put(s3, 'x')
  const later = (Date.now() + 24 * HOUR) / 1000
  utimesSync(homePaths(s3.home).object(Bucket, 'x'), later, later)
  const log: string[] = []
  const again = await startS3(s3.home, {
    ageEarlierObjectsSeconds: 2 * 3600,
    log: (line) => log.push(line),
  })
  expect(hours(await age(again, 'x'))).toBe(2)
  expect(hours(await age(again, 'x'))).toBe(2)
  expect(log).toEqual([expect.stringContaining('the clock of this machine was set back')])
})

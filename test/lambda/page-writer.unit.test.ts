import { S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { pageWriter } from '../../lambda/page-writer.ts'
import { publishedDay, summaryOf } from '../report/sample-report.ts'

test('what goes wrong with a page is told by its name and stops nothing', async () => {
  const s3 = new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  })
  s3.middlewareStack.add(
    () => () => Promise.reject(Object.assign(new Error('SECRET'), { name: 'SlowDown' })),
    {
      step: 'initialize',
    },
  )
  const problems: string[] = []
  const write = pageWriter({ s3, name: 'data' }, (name) => problems.push(name))
  expect(await write(summaryOf([publishedDay()]))).toBeUndefined()
  expect(problems).toEqual(['SlowDown'])
})

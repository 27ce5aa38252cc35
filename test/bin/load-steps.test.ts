import { PassThrough } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { expect, test } from 'vitest'
import { changedLines } from '../../bin/redo-commands.ts'
import type { CommonFlags } from '../../bin/options.ts'
import { stepsView } from '../../bin/view/load-steps.ts'

test('off a terminal each step of a load is told once', () => {
  const stream = new PassThrough()
  const { show, close } = stepsView(stream as unknown as WriteStream)
  show({ step: 'check' })
  for (const scannedBytes of [0, 1500, 3e6]) show({ step: 'query', scannedBytes })
  for (const parts of [1, 2]) show({ step: 'download', parts, of: 2 })
  show({ step: 'write' })
  close()
  expect(String(stream.read()).split('\n')).toEqual([
    'Checking the days.',
    'Athena runs the query: 0 B read.',
    'Downloading: 1 of 2 parts.',
    'Writing the file.',
    '',
  ])
})

test('days that were refused are looked at again by one command', () => {
  const flags: CommonFlags = { target: 'local', home: 'h', context: {}, json: false, debug: false }
  const days = ['2024-01-03', '2024-01-01'].map((date) => ({ dataset: 'jobs', date }))
  expect(changedLines('Again:', days, flags)).toEqual([
    'Again:',
    '  npm run -s dayfold -- run --mode changed --from 2024-01-01 --to 2024-01-03 --dataset jobs --home h',
  ])
  expect(changedLines('Again:', [], flags)).toEqual([])
})

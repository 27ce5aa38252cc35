import { expect, test } from 'vitest'
import { followLines, resumeLines } from '../../bin/redo-commands.ts'
import type { CommonFlags } from '../../bin/options.ts'

const FLAGS: CommonFlags = {
  target: 'aws',
  stack: 'dayfold',
  region: 'eu-west-1',
  home: '.dayfold',
  context: {},
  json: false,
  debug: false,
}
const AWS = '--target aws --stack dayfold --region eu-west-1'
const left = (dataset: string, ...dates: string[]) => dates.map((date) => ({ dataset, date }))

test('what was stopped goes on by what was asked for, since published days are left alone', () => {
  const request = { from: '2026-01-01', to: '2026-01-31', datasets: ['jobs'], maxConcurrency: 3 }
  expect(resumeLines(request, [], FLAGS)).toEqual([
    'To go on, which leaves published days alone:',
    `  npm run -s dayfold -- run --from 2026-01-01 --to 2026-01-31 --dataset jobs --max-concurrency 3 ${AWS}`,
  ])
})

test('a rebuild goes on with the days that are not rebuilt yet, datasets of the same days together', () => {
  const request = { from: '2026-01-01', to: '2026-01-03', mode: 'rebuild' } as const
  const days = [
    ...left('clicks', '2026-01-03'),
    ...left('jobs', '2026-01-01', '2026-01-02', '2026-01-03'),
    ...left('views', '2026-01-01', '2026-01-02', '2026-01-03'),
  ]
  const rebuild = 'npm run -s dayfold -- run --mode rebuild'
  expect(resumeLines(request, days, FLAGS).slice(1)).toEqual([
    `  ${rebuild} --from 2026-01-03 --to 2026-01-03 --dataset clicks ${AWS}`,
    `  ${rebuild} --from 2026-01-01 --to 2026-01-03 --dataset jobs --dataset views ${AWS}`,
  ])
})

test('an execution that goes on is followed by its name', () => {
  expect(followLines({ name: 'run-1', arn: 'arn' }, FLAGS)[1]).toBe(
    `  npm run -s dayfold -- run --follow run-1 ${AWS}`,
  )
})

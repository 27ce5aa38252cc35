import { expect, test } from 'vitest'
import type { FindingKind } from '../../client/findings.ts'
import type { CommonFlags } from '../../bin/options.ts'
import { mendingLines, redoLines } from '../../bin/redo-commands.ts'

const LOCAL: CommonFlags = { target: 'local', home: '.dayfold', context: {}, json: false, debug: false }
const FAILED = [{ dataset: 'jobs', date: '2024-01-03', error: 'E' }]
const COMMAND = '  npm run -s dayfold -- run --mode failed --from 2024-01-03 --to 2024-01-03 --dataset jobs'
const ACCEPT = COMMAND.replace('--mode failed', '--mode accept')

test('nothing failed, nothing to redo', () => {
  expect(redoLines([], LOCAL)).toEqual([])
})

test('the command is for the same home, raw data, datasets and configuration', () => {
  expect(redoLines(FAILED, LOCAL)).toEqual([
    'Once the causes are mended, redo the failed days with:',
    COMMAND,
    'To accept them as they are:',
    ACCEPT,
  ])
  const flags = { ...LOCAL, home: '/a home', raw: 'raw', datasets: 'mine.ts', context: { partRows: '10' } }
  expect(redoLines(FAILED, flags)[1]).toBe(
    `${COMMAND} --home '/a home' --raw raw --datasets mine.ts --context partRows=10`,
  )
})

test('the command is for the same stack', () => {
  const flags = { ...LOCAL, target: 'aws', stack: 'dayfold', region: 'eu-west-1' } as const
  expect(redoLines(FAILED, flags)[1]).toBe(`${COMMAND} --target aws --stack dayfold --region eu-west-1`)
})

test('what empties days without raw files is a command of its own', () => {
  const [title, command] = redoLines([{ ...FAILED[0]!, error: 'EmptyPrefix' }], LOCAL)
  expect(title).toBe('To delete the rows of days without raw files:')
  expect(command).toBe(`${COMMAND} --allow-empty`)
})

test('of what failed in a dry run, only a manifest that cannot be read is mended', () => {
  const lost = { ...FAILED[0]!, error: 'DamagedDay', cause: 'jobs 2024-01-03: its manifest is gone' }
  expect(redoLines([], LOCAL, FAILED)).toEqual([])
  expect(redoLines([], LOCAL, [...FAILED, lost])).toEqual([
    'To mend days whose manifest cannot be read:',
    COMMAND.replace('--mode failed', '--mode rebuild'),
  ])
})

test('a day whose manifest cannot be read is rebuilt', () => {
  const cause = 'state/jobs/day_partition=2024-01-03/manifest.json.gz: expected a manifest, found null.'
  expect(redoLines([{ ...FAILED[0]!, error: 'CorruptState', cause }], LOCAL)).toEqual([
    'To mend days whose manifest cannot be read:',
    COMMAND.replace('--mode failed', '--mode rebuild'),
    'To accept them as they are:',
    ACCEPT,
  ])
  const [title] = redoLines(
    [{ ...FAILED[0]!, error: 'CorruptState', cause: 'state/other: found null.' }],
    LOCAL,
  )
  expect(title).toMatch(/^Once the causes/)
})

test('what a check has found is mended by mode, days of one mode together', () => {
  const finding = (date: string, kind: FindingKind) => ({
    dataset: 'jobs',
    date,
    kind,
    key: 'k',
    finding: '',
  })
  const findings = [
    finding('2024-01-03', 'lost'),
    finding('2024-01-05', 'missing'),
    finding('2024-01-06', 'foreign'),
  ]
  expect(mendingLines(findings, LOCAL)).toEqual([
    'Mend with:',
    '  npm run -s dayfold -- run --mode changed --from 2024-01-05 --to 2024-01-06 --dataset jobs',
    COMMAND.replace('--mode failed', '--mode rebuild'),
  ])
  expect(mendingLines([], LOCAL)).toEqual([])
})

import { expect, test } from 'vitest'
import type { FolderDifference } from '../../../aws/published-folder.ts'
import { damageOf } from '../../../lambda/ledger/damage.ts'

const SOUND: FolderDifference = { missing: [], altered: [], foreign: [] }
const file = (name: string) => ({ key: `processed/jobs/day_partition=2024-01-02/${name}`, rows: 1, bytes: 1 })
const object = (name: string) => ({ ...file(name), etag: 'e', size: 1 }) as never
const differs = (difference: Partial<Record<keyof FolderDifference, unknown[]>>) =>
  damageOf({ ...SOUND, ...difference } as FolderDifference)

test('a folder that is as its manifest says is not damaged', () => {
  expect(damageOf(SOUND)).toBeUndefined()
})

test.each([
  [{ missing: [file('a')] }, 'damaged: 1 missing (a)', true],
  [{ altered: [{ part: file('b') }] }, 'damaged: 1 altered (b)', true],
  [{ foreign: [object('c')] }, 'damaged: 1 foreign (c)', false],
  [
    { missing: [file('a')], altered: [{ part: file('b') }], foreign: [object('c')] },
    'damaged: 1 missing (a), 1 altered (b), 1 foreign (c)',
    true,
  ],
  [{ missing: ['a', 'b', 'c'].map(file) }, 'damaged: 3 missing (a, b, c)', true],
  [{ missing: ['a', 'b', 'c', 'd', 'e'].map(file) }, 'damaged: 5 missing (a, b, c, 2 more)', true],
])('%j is told in words, and rows are lost where something of the day is', (difference, why, isLost) => {
  expect(differs(difference)).toEqual({ why, isLost })
})

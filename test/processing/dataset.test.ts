import { expect, it } from 'vitest'
import { DEFAULT_READ_SETTINGS, READ_SETTING_NAMES } from '../../core/read-settings.ts'
import { defineDataset, string } from '../../processing/dataset.ts'

const said = { name: 'jobs', columns: { id: string() }, extract: () => null } as const

it('fills in the settings that a module leaves out', () => {
  expect(defineDataset(said)).toMatchObject(DEFAULT_READ_SETTINGS)
  expect(defineDataset({ ...said, unreadable: 'skip', rawFiles: ['*.jsonl'] })).toMatchObject({
    ...DEFAULT_READ_SETTINGS,
    unreadable: 'skip',
    rawFiles: ['*.jsonl'],
  })
})

it.each(READ_SETTING_NAMES)('refuses another type of %s by name', (name) => {
  expect(() => defineDataset({ ...said, [name]: {} })).toThrow(
    expect.objectContaining({
      code: 'InvalidDataset',
      message: expect.stringMatching(`^Dataset "jobs": ${name}: expected .*, found \\{\\}\\.$`) as string,
    }) as Error,
  )
})

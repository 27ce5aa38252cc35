import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import config from '../../vitest.config.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

test.each([
  ['all', 100],
  ['some', 3],
  [undefined, 3],
])('of cases %s are tried as the environment says', async (cuts, count) => {
  vi.stubEnv('DAYFOLD_CUTS', cuts)
  vi.resetModules()
  const { cases } = await import('./cases.ts')
  expect(cases(3, 100)).toBe(count)
})

test('npm run test:cuts tries all, and the configuration of the tests leaves it at that', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  expect(scripts['test:cuts']).toMatch(/^DAYFOLD_CUTS=all vitest run /)
  expect(JSON.stringify(config)).not.toContain('DAYFOLD_CUTS')
})

import { once } from 'node:events'
import { expect, test } from 'vitest'
import type { Summary } from '../../core/messages.ts'
import { dayfold, startDayfold } from '../support/acceptance/dayfold.ts'
import { temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'
import { writeReadings } from '../support/acceptance/readings.ts'

test('Ctrl-C stops a local execution, says so, and the next run finishes the work', async () => {
  const { raw } = writeReadings(temporaryFolder(), ['2024-03-01', '2024-03-02'], 20)
  const args = ['run', '--home', temporaryFolder(), '--datasets', TEST_REGISTRY, '--raw', raw]
  args.push('--dataset', 'readings', '--from', '2024-03-01', '--to', '2024-03-02')

  const started = startDayfold(...args)
  let seen = ''
  while (!seen.includes('dataset-days')) seen += String(await once(started.child.stderr!, 'data'))
  started.child.kill('SIGINT')
  const { code, stdout } = await started.finished
  expect(code).toBe(130)
  expect(stdout).toContain('Stopped. Run again to go on')

  const next = await dayfold(...args, '--json')
  expect(next.code).toBe(0)
  const { published, unchanged } = next.json<Summary>().counts
  expect(published + unchanged).toBe(2)
})

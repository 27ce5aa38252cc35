import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { Summary } from '../../core/messages.ts'
import { dayfold, hasTerminals, startDayfold, startOnTerminal } from '../support/acceptance/dayfold.ts'
import { temporaryFolder, TEST_REGISTRY } from '../support/acceptance/places.ts'
import { writeReadings } from '../support/acceptance/readings.ts'

/** Waits until a command has shown a text on a stream. */
async function shown(stream: Readable | null, text: string): Promise<void> {
  let seen = ''
  while (!seen.includes(text)) seen += String(await once(stream!, 'data'))
}

test('Ctrl-C stops a local execution, says so, and the next run finishes the work', async () => {
  const { raw } = writeReadings(temporaryFolder(), ['2024-03-01', '2024-03-02'], 20)
  const args = ['run', '--home', temporaryFolder(), '--datasets', TEST_REGISTRY, '--raw', raw]
  args.push('--dataset', 'readings', '--from', '2024-03-01', '--to', '2024-03-02')

  const started = startDayfold(...args)
  await shown(started.child.stderr, 'dataset-days')
  started.child.kill('SIGINT')
  const { code, stdout } = await started.finished
  expect(code).toBe(130)
  expect(stdout).toContain('Stopped. Run again to go on')

  const next = await dayfold(...args, '--json')
  expect(next.code).toBe(0)
  const { published, unchanged } = next.json<Summary>().counts
  expect(published + unchanged).toBe(2)
})

const CTRL_C = '\u0003'

test.runIf(hasTerminals)('Ctrl-C typed on a terminal says its goodbye as well', async () => {
  const { raw } = writeReadings(temporaryFolder(), ['2024-03-01', '2024-03-02'], 20)
  const args = ['run', '--home', temporaryFolder(), '--datasets', TEST_REGISTRY, '--raw', raw]
  args.push('--dataset', 'readings', '--from', '2024-03-01', '--to', '2024-03-02')
  const started = startOnTerminal(...args)
  await shown(started.child.stdout, 'dataset-days')
  started.child.stdin!.write(CTRL_C)
  const { code, stdout } = await started.finished
  expect(stdout).toContain('Stopped. Run again to go on')
  expect(code).toBe(130)
})

test('Ctrl-C while another process has the home says that nothing was begun', async () => {
  const home = temporaryFolder()
  mkdirSync(join(home, 'locks'))
  const holder = { pid: process.pid, born: null, since: '2024-03-01T00:00:00Z', purpose: 'run' }
  writeFileSync(join(home, 'locks/other.json'), JSON.stringify(holder))
  const started = startDayfold('run', '--home', home, '--datasets', TEST_REGISTRY)
  const stderr = shown(started.child.stderr, 'Nothing was begun')
  await shown(started.child.stderr, `Waiting for process ${process.pid}`)
  started.child.kill('SIGINT')
  await stderr
  expect((await started.finished).code).toBe(130)
})

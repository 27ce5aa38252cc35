import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { dayfold } from '../support/acceptance/dayfold.ts'
import { PROJECT } from '../support/programs/programs.ts'

test('--help names the commands and exits 0', async () => {
  // As in the README; the other tests start a bundle of the program.
  const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'dayfold', '--', '--help'], {
    cwd: PROJECT,
  })
  for (const command of ['run', 'status', 'try', 'load', 'report'])
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
})

test('a mistake in the arguments: exit code 2, nothing on stdout', async () => {
  const { code, stdout, stderr } = await dayfold('run', '--from', '2024-02-30', '--to', '2024-03-01')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('Usage: dayfold run')
})

test('with --json a usage error is one JSON document on stdout', async () => {
  const { code, json } = await dayfold('run', '--json', '--from', '2024-02-02', '--to', '2024-02-01')
  expect(code).toBe(2)
  expect(json()).toMatchObject({
    error: { code: 'InvalidInput', message: expect.stringMatching(/^Execution input: "from"/) as string },
  })
})

test('a home that is not there is not made', async () => {
  const home = join(tmpdir(), `dayfold-no-home-${process.pid}`)
  const { code, stderr } = await dayfold('status', '--home', home)
  expect(code).toBe(2)
  expect(stderr).toContain('expected the home of an earlier run, found no such folder')
  expect(existsSync(home)).toBe(false)
})

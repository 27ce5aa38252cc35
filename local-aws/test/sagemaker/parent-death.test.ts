import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryHome } from '../support/home.ts'

const CONTAINER = pathToFileURL(join(import.meta.dirname, '../../sagemaker/container.ts')).href

test('a program dies with the process that started it, also when that is killed', async () => {
  const home = temporaryHome()
  mkdirSync(join(home, 'program'))
  const pidFile = join(home, 'pid')
  writeFileSync(
    join(home, 'program', 'main.mjs'),
    `import { writeFileSync } from 'node:fs'
    process.on('SIGINT', () => {})
    setInterval(() => {}, 1000)
    writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))`,
  )
  const options = {
    command: ['node', 'main.mjs'],
    directory: join(home, 'program'),
    environment: { PATH: process.env.PATH },
    logFile: join(home, 'log'),
    graceSeconds: 120,
  }
  const starter = join(home, 'starter.mts')
  writeFileSync(
    starter,
    `import { startContainer } from ${JSON.stringify(CONTAINER)}\nstartContainer(${JSON.stringify(options)})`,
  )
  const parent = spawn(process.execPath, ['--import', 'tsx', starter], {
    stdio: 'ignore',
    cwd: process.cwd(),
  })
  await expect
    .poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8'), { timeout: 30_000 })
    .toBeTruthy()
  const pid = Number(readFileSync(pidFile, 'utf8'))
  expect(existsSync(`/proc/${pid}`) || process.platform !== 'linux').toBe(true)
  parent.kill('SIGKILL')
  const lives = () => {
    try {
      return process.kill(pid, 0) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
    } catch {
      return false
    }
  }
  await expect.poll(lives, { timeout: 10_000 }).toBe(false)
})

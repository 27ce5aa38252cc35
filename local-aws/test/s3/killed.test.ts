import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { homePaths } from '../../home/paths.ts'
import { SIGNED, startS3, tempHome } from '../support/start-s3.ts'

const KEYS = ['a/1', 'a/2', 'b']

async function startProcess(home: string): Promise<{ child: ChildProcess; url: string }> {
  const script = join(import.meta.dirname, '../support/s3-process.ts')
  const child = fork(script, [home], { execArgv: ['--import', 'tsx'] })
  const [message] = (await once(child, 'message')) as [{ url: string }]
  return { child, url: message.url }
}

/** Keeps writing new versions of a key, or removing it, until the server is gone. */
async function write(url: string, key: string, answered: () => void): Promise<void> {
  for (let version = 0; ; version += 1) {
    const remove = version % 7 === 6
    const headers = { ...SIGNED, 'x-amz-meta-version': String(version) }
    try {
      const options = remove ? { method: 'DELETE' } : { method: 'PUT', body: `${key} ${'v'.repeat(version)}` }
      await (await fetch(`${url}/data/${key}`, { ...options, headers })).arrayBuffer()
    } catch {
      return
    }
    answered()
  }
}

describe('a local S3 that is killed while it writes', () => {
  it('leaves whole objects, each with what was said about it, and no temporary files', async () => {
    const home = tempHome()
    mkdirSync(homePaths(home).bucket('data'), { recursive: true })
    for (const killAfter of [1, 20, 57, 90, 131]) {
      const { child, url } = await startProcess(home)
      let answers = 0
      const answered = () => {
        answers += 1
        if (answers === killAfter) child.kill('SIGKILL')
      }
      const exited = once(child, 'exit')
      await Promise.all(KEYS.map((key) => write(url, key, answered)))
      await exited
      const again = await startS3(home)
      for (const key of KEYS) {
        const answer = await fetch(`${again.url}/data/${key}`, { headers: SIGNED })
        if (answer.status === 404) continue
        const version = Number(answer.headers.get('x-amz-meta-version'))
        expect(await answer.text()).toBe(`${key} ${'v'.repeat(version)}`)
        expect(answer.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/)
      }
      expect(again.service.listObjects('data', '').every(({ key }) => KEYS.includes(key))).toBe(true)
      const left = readdirSync(join(homePaths(home).s3Meta, '.temp'), {
        recursive: true,
        withFileTypes: true,
      })
      expect(left.filter((entry) => entry.isFile())).toEqual([])
    }
  })
})

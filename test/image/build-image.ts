import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { bundleProgram } from '../../lib/bundle/program.ts'

const run = promisify(execFile)
const IMAGE = 'localhost/dayfold-processing'
const BASE = 'localhost/dayfold-base'
const MAX_OUTPUT = 2 ** 26
/** Neither kernel modules nor a daemon: it works inside containers as well. */
const BUILDAH = { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' }

const buildah = (...args: string[]) => run('buildah', args, { env: BUILDAH, maxBuffer: MAX_OUTPUT })

/** An image of the processing job. */
export interface Image {
  /** Runs its program to the end, with these variables and arguments. */
  run(environment: Readonly<Record<string, string>>, args: readonly string[]): Promise<void>
  close(): Promise<void>
}

/** Builds the image of a registry as it is deployed, upon a base image that is made here. */
export async function buildImage(registry: string, say: (line: string) => void): Promise<Image> {
  const bundle = join(PROJECT_ROOT, 'build/image')
  rmSync(bundle, { recursive: true, force: true })
  await bundleProgram({ outDir: bundle, registry })
  say('building the base image')
  const rootfs = process.env['DAYFOLD_ROOTFS'] ?? join(tmpdir(), 'dayfold-rootfs')
  const script = fileURLToPath(new URL('build-base.sh', import.meta.url))
  await run(script, [BASE, rootfs], { env: BUILDAH, maxBuffer: MAX_OUTPUT })
  say('building the image')
  await buildah('bud', '--build-arg', `BASE_IMAGE=${BASE}`, '--tag', IMAGE, bundle)
  rmSync(bundle, { recursive: true })
  const container = (await buildah('from', IMAGE)).stdout.trim()
  const { stdout } = await buildah('inspect', '--type', 'image', IMAGE)
  const { OCIv1 } = JSON.parse(stdout) as { OCIv1: { config: { Entrypoint: string[] } } }
  return {
    async run(environment, args) {
      const variables = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`])
      await buildah('run', ...variables, container, '--', ...OCIv1.config.Entrypoint, ...args)
    },
    async close() {
      await buildah('rm', container)
      await buildah('rmi', IMAGE, BASE)
    },
  }
}

import { copyFileSync, rmSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { buildHandlers } from '../lib/bundle/handlers.ts'
import { PROJECT_ROOT } from '../lib/bundle/options.ts'
import { IMAGE_FILES } from '../lib/bundle/image-files.ts'

/** Builds `dist/` for `npm pack`: compiled modules with their types, bundled handlers, files of the image. */
const out = join(PROJECT_ROOT, 'dist')
rmSync(out, { recursive: true, force: true })
execFileSync('npx', ['tsc', '-p', 'tsconfig.package.json'], { cwd: PROJECT_ROOT, stdio: 'inherit' })
for (const name of IMAGE_FILES)
  copyFileSync(join(PROJECT_ROOT, 'processing', name), join(out, 'processing', name))
await buildHandlers(join(out, 'handlers'))

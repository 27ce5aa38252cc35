import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

const textOf = (path: string) => readFileSync(join(PROJECT_ROOT, path), 'utf8')
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }

test.each(['start', 'dayfold', 'bench', 'chaos', 'model', 'simulate'])(
  'npm run %s prints no warning of the SDK over what it has to say',
  (script) => {
    const entry = /^tsx (\S+)$/.exec(scripts[script]!)![1]!
    expect(textOf(entry)).toMatch(/^(\/\*\*[^]*?\*\/\n)?import '(\.\.?\/)+(bin\/)?quiet-sdk\.ts'\n/)
  },
)

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'
import { optionsInterface } from '../../../lib/options-interface.ts'
import { iamPage } from './iam-page.ts'

writeFileSync(join(PROJECT_ROOT, 'docs/iam.md'), iamPage())
writeFileSync(join(PROJECT_ROOT, 'lib/dayfold-options.ts'), optionsInterface())

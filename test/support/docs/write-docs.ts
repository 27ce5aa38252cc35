import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'
import { optionsInterface } from '../../../lib/options-interface.ts'
import { optionsTable } from '../../../lib/options-table.ts'
import { iamPage } from './iam-page.ts'

writeFileSync(join(PROJECT_ROOT, 'docs/iam.md'), iamPage())
writeFileSync(join(PROJECT_ROOT, 'lib/dayfold-options.ts'), optionsInterface())

const page = join(PROJECT_ROOT, 'docs/configuration.md')
// The table ends at the first line that is no row.
const text = readFileSync(page, 'utf8').replace(/^\| option [^]*?(?=\n\n)/m, () => optionsTable().trim())
writeFileSync(page, await format(text, { parser: 'markdown' }))

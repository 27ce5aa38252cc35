/**
 * Writes `processing/fields/language-table.json` from the installed eld: `npm run languages`. A test tells when it is out
 * of date.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { packedTable } from './packed-table.ts'

const path = fileURLToPath(new URL('../../../processing/fields/language-table.json', import.meta.url))
writeFileSync(path, `${JSON.stringify(await packedTable(), null, 2)}\n`)

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import * as layout from '../../core/layout.ts'

const ROOT = join(import.meta.dirname, '../..')
const FOLDERS = ['aws', 'bin', 'client', 'core', 'lambda', 'lib', 'local', 'processing']
const SPELLS_KEYS = 'core/layout.ts'

/**
 * Matches a prefix of the data bucket at the beginning of a key, or of its part after a slash, and a folder of a day.
 */
const PREFIXES = Object.values(layout).flatMap((value) =>
  typeof value === 'string' && value.endsWith('/') ? [value] : [],
)
const SPELLED = new RegExp(`${layout.PARTITION_COLUMN}=|(^|[^\\w.])(${PREFIXES.join('|')})`)

/** Returns the strings, parts of templates and patterns of a source that spell a key, or a part of one. */
function keysSpelledIn(file: string, text: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateLiteralToken(node) ||
      ts.isRegularExpressionLiteral(node)
    ) {
      const content = node.text.replaceAll('\\/', '/')
      if (SPELLED.test(content)) found.push(content)
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true))
  return found
}

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.ts'))
    .map(({ parentPath, name }) => relative(ROOT, join(parentPath, name))),
)

describe('keys of the data bucket', () => {
  it(`are spelled in ${SPELLS_KEYS} alone`, () => {
    expect(sources).toContain(SPELLS_KEYS)
    const spelled = sources
      .filter((file) => file !== SPELLS_KEYS)
      .flatMap((file) =>
        keysSpelledIn(file, readFileSync(join(ROOT, file), 'utf8')).map((text) => `${file}: ${text}`),
      )
    expect(spelled).toEqual([])
  })

  it.each([
    "const key = 'state/jobs/x'",
    'const key = `${STATE}${table}/day_partition=${day}/`',
    'const key = `s3://${bucket}/processed/${table}/`',
    `const result = "'runs/' & $plan.execution.name"`,
    'const pattern = /^state\\/(.+)\\//',
    'const pattern = /day_partition=(.+)/',
  ])('spelled elsewhere are found: %s', (text) => {
    expect(keysSpelledIn('source.ts', text)).toHaveLength(1)
  })

  it.each([
    "import { x } from '../state/runs/x.ts'",
    '// state/jobs/x',
    "const text = 'an upstate/jobs road'",
    'const column = `${PARTITION_COLUMN} BETWEEN 1 AND 2`',
  ])('are not seen where there are none: %s', (text) => {
    expect(keysSpelledIn('source.ts', text)).toEqual([])
  })
})

import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import type { Loader, Plugin } from 'esbuild'
import type ts from 'typescript'
import { READ_SETTING_NAMES } from '../../core/read-settings.ts'
import { RUN_SETTING_NAMES } from '../../core/run-settings.ts'
import { loadCompiler } from './load-compiler.ts'

/** Properties of a dataset that do not change its rows. */
const SETTINGS: ReadonlySet<string> = new Set([...READ_SETTING_NAMES, ...RUN_SETTING_NAMES, 'checks'])
const SAYS_SETTING = new RegExp(`\\b(${[...SETTINGS].join('|')})\\b`)

/**
 * Returns the esbuild plugin that removes settings from the modules of a bundle, so that they do not change the feature
 * version. It removes them from the object given to `defineDataset`, with constants of the module that only they use.
 * It works on the sources: minified names in a bundle depend on how often each letter occurs, and so on the value of a
 * setting.
 */
export function withoutSettings(): Plugin {
  return {
    name: 'without-settings',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
        if (path.includes('/node_modules/')) return undefined
        const text = readFileSync(path, 'utf8')
        if (!SAYS_SETTING.test(text) || !text.includes('defineDataset')) return undefined
        // Loads the compiler only here: modules without settings do not need it.
        const compiler = loadCompiler()
        return { contents: textWithoutSettings(compiler, path, text), loader: loaderOf(path) }
      })
    },
  }
}

const loaderOf = (path: string) => extname(path).replace(/^\.[cm]?/, '') as Loader

function textWithoutSettings(compiler: typeof ts, path: string, text: string): string {
  const source = compiler.createSourceFile(path, text, compiler.ScriptTarget.Latest, true)
  const settings: ts.Node[] = []
  const aliases = [...text.matchAll(/\bdefineDataset\s+as\s+(\w+)/g)].map(([, alias]) => alias)
  const names = new RegExp(`\\b(${['defineDataset', ...aliases].join('|')})$`)
  const visit = (node: ts.Node): void => {
    settings.push(...settingsOf(compiler, node, names))
    compiler.forEachChild(node, visit)
  }
  visit(source)
  const gone = [...settings]
  for (let before = -1; before < gone.length;) {
    before = gone.length
    gone.push(
      ...source.statements.filter((each) => !gone.includes(each) && isLeftOver(compiler, source, each, gone)),
    )
  }
  return cut(text, gone)
}

/** Returns the settings given to a call of `defineDataset`. @param names matches its name in the module */
function settingsOf(compiler: typeof ts, node: ts.Node, names: RegExp): ts.Node[] {
  if (!compiler.isCallExpression(node) || !names.test(node.expression.getText())) return []
  let [options] = node.arguments as readonly (ts.Expression | undefined)[]
  while (options && (compiler.isAsExpression(options) || compiler.isSatisfiesExpression(options)))
    options = options.expression
  if (!options || !compiler.isObjectLiteralExpression(options)) return []
  return options.properties.filter(({ name }) => name && 'text' in name && SETTINGS.has(name.text))
}

/** True for a statement that makes a constant used only in removed code. */
function isLeftOver(
  compiler: typeof ts,
  source: ts.SourceFile,
  statement: ts.Statement,
  gone: readonly ts.Node[],
): boolean {
  if (!compiler.isVariableStatement(statement) || statement.modifiers) return false
  const [declaration, ...others] = statement.declarationList.declarations
  if (others.length > 0 || !declaration || !compiler.isIdentifier(declaration.name)) return false
  const { name } = declaration
  const uses = identifiers(compiler, source).filter((each) => each !== name && each.text === name.text)
  return uses.length > 0 && uses.every((use) => gone.some(({ pos, end }) => use.pos >= pos && use.end <= end))
}

function identifiers(compiler: typeof ts, node: ts.Node): ts.Identifier[] {
  if (compiler.isIdentifier(node)) return [node]
  const found: ts.Identifier[] = []
  compiler.forEachChild(node, (child) => void found.push(...identifiers(compiler, child)))
  return found
}

/** Cuts nodes out of a text, each property with the comma after it. */
function cut(text: string, nodes: readonly ts.Node[]): string {
  let left = text
  for (const { pos, end } of [...nodes].sort((a, b) => b.pos - a.pos)) {
    const comma = /^\s*,/.exec(left.slice(end))?.[0].length ?? 0
    left = left.slice(0, pos) + left.slice(end + comma)
  }
  return left
}

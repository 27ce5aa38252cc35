import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import ts from 'typescript'

const TIMER = fileURLToPath(new URL('./field-timer.ts', import.meta.url))

/** An expression whose value is a field's, or is used by fields. */
interface FieldExpression {
  readonly field: string
  readonly start: number
  readonly end: number
}

/** Lets the `extract` of each module in a folder time each column, and each constant before them. */
export function timedFields(folder: string): Plugin {
  return {
    name: 'timed-fields',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!path.startsWith(folder)) return undefined
        return { contents: withTimers(readFileSync(path, 'utf8')), loader: 'ts' }
      })
    },
  }
}

/** Puts timers into the source of a dataset. */
export function withTimers(source: string): string {
  let timed = source
  for (const { field, start, end } of fieldExpressions(source).reverse()) {
    const expression = source.slice(start, end)
    timed = `${timed.slice(0, start)}__timed(${JSON.stringify(field)}, () => (${expression}))${timed.slice(end)}`
  }
  return `import { timed as __timed } from ${JSON.stringify(TIMER)}\n${timed}`
}

function fieldExpressions(source: string): FieldExpression[] {
  const found: FieldExpression[] = []
  const file = ts.createSourceFile('dataset.ts', source, ts.ScriptTarget.Latest, true)
  const add = (name: ts.Node, value: ts.Expression | undefined) => {
    if (value) found.push({ field: name.getText(), start: value.getStart(), end: value.end })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isMethodDeclaration(node) && node.name.getText() === 'extract') {
      for (const statement of node.body?.statements ?? []) addFields(statement, add)
    } else ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function addFields(statement: ts.Statement, add: (name: ts.Node, value?: ts.Expression) => void): void {
  if (ts.isVariableStatement(statement)) {
    for (const { name, initializer } of statement.declarationList.declarations) add(name, initializer)
  }
  if (!ts.isReturnStatement(statement) || !statement.expression) return
  if (!ts.isObjectLiteralExpression(statement.expression)) return
  for (const property of statement.expression.properties) {
    if (ts.isPropertyAssignment(property)) add(property.name, property.initializer)
  }
}

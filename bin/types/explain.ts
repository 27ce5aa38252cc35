import { sep } from 'node:path'
import type ts from 'typescript'
import { compiler } from './compiler.ts'
import { rowProblems } from './row-problems.ts'
import type { TypeProblem } from './type-problem.ts'

/** Properties of `defineDataset`'s options that hold feature code. */
const CODE: ReadonlySet<string> = new Set(['extract', 'extractBatch'])
/** Part of the message about a result of code whose record has no type. */
const NO_CODE = "required in type 'Absent'"

/**
 * Converts the compiler's diagnostics to problems for people, without duplicates. A diagnostic about `extract` as a
 * whole is replaced by one for each column of its rows that is wrong, surplus or missing.
 *
 * @param nameOf returns the name to show for a file, given its path
 */
export function explain(
  checker: ts.TypeChecker,
  diagnostics: readonly ts.Diagnostic[],
  nameOf: (path: string) => string,
): TypeProblem[] {
  const told = new Map<string, TypeProblem>()
  for (const diagnostic of diagnostics) {
    const { file, start } = diagnostic
    const code = file && start !== undefined ? codeAt(file, start, textOf(diagnostic)) : undefined
    const rows = code ? rowProblems(checker, code) : []
    const problems =
      rows.length > 0
        ? rows.map(({ node, message }) => problemAt(node.getSourceFile(), node.getStart(), message, nameOf))
        : [problemAt(file, start ?? 0, textOf(diagnostic), nameOf)]
    for (const problem of problems) told.set(JSON.stringify(problem), problem)
  }
  return [...told.values()]
}

function textOf({ messageText, code }: ts.Diagnostic): string {
  return `${compiler.flattenDiagnosticMessageText(messageText, '\n')} (TS${code})`
}

function problemAt(
  file: ts.SourceFile | undefined,
  start: number,
  message: string,
  nameOf: (path: string) => string,
): TypeProblem {
  if (!file) return { file: 'tsconfig.json', line: 1, column: 1, message }
  const { line, character } = file.getLineAndCharacterOfPosition(start)
  return { file: nameOf(file.fileName.split('/').join(sep)), line: line + 1, column: character + 1, message }
}

/**
 * Returns the property with feature code that a diagnostic is about as a whole, in the options of a `defineDataset`
 * call: its name begins at `start`, or the code's result is held against that of code that a dataset does not have.
 */
function codeAt(
  file: ts.SourceFile,
  start: number,
  message: string,
): ts.ObjectLiteralElementLike | undefined {
  const isInside = message.includes(NO_CODE)
  let found: ts.ObjectLiteralElementLike | undefined
  const visit = (node: ts.Node): void => {
    if (node.pos > start || node.end <= start) return
    if (
      compiler.isObjectLiteralElementLike(node) &&
      node.name &&
      (isInside || node.name.getStart() === start) &&
      CODE.has(node.name.getText()) &&
      isOptions(node.parent)
    )
      found = node
    compiler.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** True for the argument of a call, whatever name the function was imported under. */
function isOptions(node: ts.Node): boolean {
  let call = node.parent
  while (compiler.isParenthesizedExpression(call) || compiler.isSatisfiesExpression(call)) call = call.parent
  return compiler.isCallExpression(call)
}

/** True if a module contains a call such as `defineDataset({ name: … })` with this dataset's name. */
export function definesDataset(file: ts.SourceFile, dataset: string): boolean {
  let found = false
  const visit = (node: ts.Node): void => {
    if (compiler.isPropertyAssignment(node) && node.name.getText() === 'name' && isOptions(node.parent))
      found ||= compiler.isStringLiteralLike(node.initializer) && node.initializer.text === dataset
    if (!found) compiler.forEachChild(node, visit)
  }
  visit(file)
  return found
}

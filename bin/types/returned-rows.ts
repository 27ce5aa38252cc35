import type ts from 'typescript'
import { compiler } from './compiler.ts'

/** Array methods whose result's elements are what their first argument returns. */
const MAPPERS: ReadonlySet<string> = new Set(['map', 'flatMap'])

/**
 * Returns the expressions that a function returns: those of its return statements, or its body. Follows the name of a
 * function to its declaration. Empty if no function is found.
 *
 * @param code a function, a property that holds one, or its name
 */
export function returnsOf(checker: ts.TypeChecker, code: ts.Node): ts.Node[] {
  if (compiler.isPropertyAssignment(code)) return returnsOf(checker, code.initializer)
  if (
    compiler.isParenthesizedExpression(code) ||
    compiler.isSatisfiesExpression(code) ||
    compiler.isAsExpression(code)
  )
    return returnsOf(checker, code.expression)
  if (compiler.isShorthandPropertyAssignment(code))
    return returnsOfSymbol(checker, checker.getShorthandAssignmentValueSymbol(code))
  if (compiler.isIdentifier(code)) return returnsOfSymbol(checker, checker.getSymbolAtLocation(code))
  if (!compiler.isFunctionLike(code) || !('body' in code) || !code.body) return []
  if (!compiler.isBlock(code.body)) return [code.body]
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (compiler.isReturnStatement(node)) found.push(node.expression ?? node)
    else if (!compiler.isFunctionLike(node)) compiler.forEachChild(node, visit)
  }
  visit(code.body)
  return found
}

function returnsOfSymbol(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Node[] {
  const declaration = declarationOf(checker, symbol)
  if (!declaration) return []
  const code = compiler.isVariableDeclaration(declaration) ? declaration.initializer : declaration
  return code ? returnsOf(checker, code) : []
}

/** Returns the declaration of a symbol, through imports. */
function declarationOf(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Declaration | undefined {
  const isAlias = symbol && symbol.flags & compiler.SymbolFlags.Alias
  return (isAlias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration
}

/**
 * Returns the expressions of the rows that an expression produces: object literals as far as they can be followed, else
 * the expression itself.
 */
export function rowsOf(checker: ts.TypeChecker, node: ts.Node): ts.Node[] {
  const again = (inside: ts.Node) => rowsOf(checker, inside)
  if (
    compiler.isParenthesizedExpression(node) ||
    compiler.isSatisfiesExpression(node) ||
    compiler.isAwaitExpression(node) ||
    compiler.isSpreadElement(node)
  )
    return again(node.expression)
  if (compiler.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(again)
  if (compiler.isArrayLiteralExpression(node)) return node.elements.flatMap(again)
  if (compiler.isIdentifier(node)) {
    const declaration = declarationOf(checker, checker.getSymbolAtLocation(node))
    const isPlain = declaration && compiler.isVariableDeclaration(declaration) && !declaration.type
    return isPlain && declaration.initializer && isConstant(declaration)
      ? again(declaration.initializer)
      : [node]
  }
  const made = madeBy(node)
  return made
    ? made
        .flatMap((code) => (compiler.isFunctionLike(code) ? returnsOf(checker, code) : [code]))
        .flatMap(again)
    : [node]
}

const isConstant = ({ parent }: ts.VariableDeclaration) => (parent.flags & compiler.NodeFlags.Const) !== 0

/**
 * Returns the nodes that produce the elements of a call's result, such as of `rows.map(row => …)` or `Promise.all(…)`.
 */
function madeBy(node: ts.Node): ts.Node[] | undefined {
  if (!compiler.isCallExpression(node) || !compiler.isPropertyAccessExpression(node.expression))
    return undefined
  const [first] = node.arguments
  const { name, expression } = node.expression
  if (first && MAPPERS.has(name.text) && compiler.isFunctionLike(first)) return [first]
  return first && name.text === 'all' && expression.getText() === 'Promise' ? [first] : undefined
}

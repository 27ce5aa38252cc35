import ts from 'typescript'

/** Array methods whose result's elements are what their first argument returns. */
const MAPPERS: ReadonlySet<string> = new Set(['map', 'flatMap'])

/**
 * Returns the expressions that a function returns: those of its return statements, or its body. Follows the name of a
 * function to its declaration. Empty if no function is found.
 *
 * @param code a function, a property that holds one, or its name
 */
export function returnsOf(checker: ts.TypeChecker, code: ts.Node): ts.Node[] {
  if (ts.isPropertyAssignment(code)) return returnsOf(checker, code.initializer)
  if (ts.isParenthesizedExpression(code) || ts.isSatisfiesExpression(code) || ts.isAsExpression(code))
    return returnsOf(checker, code.expression)
  if (ts.isShorthandPropertyAssignment(code))
    return returnsOfSymbol(checker, checker.getShorthandAssignmentValueSymbol(code))
  if (ts.isIdentifier(code)) return returnsOfSymbol(checker, checker.getSymbolAtLocation(code))
  if (!ts.isFunctionLike(code) || !('body' in code) || !code.body) return []
  if (!ts.isBlock(code.body)) return [code.body]
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) found.push(node.expression ?? node)
    else if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit)
  }
  visit(code.body)
  return found
}

function returnsOfSymbol(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Node[] {
  const declaration = declarationOf(checker, symbol)
  if (!declaration) return []
  const code = ts.isVariableDeclaration(declaration) ? declaration.initializer : declaration
  return code ? returnsOf(checker, code) : []
}

/** Returns the declaration of a symbol, through imports. */
function declarationOf(checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Declaration | undefined {
  const isAlias = symbol && symbol.flags & ts.SymbolFlags.Alias
  return (isAlias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration
}

/**
 * Returns the expressions of the rows that an expression produces: object literals as far as they can be followed, else
 * the expression itself.
 */
export function rowsOf(checker: ts.TypeChecker, node: ts.Node): ts.Node[] {
  const again = (inside: ts.Node) => rowsOf(checker, inside)
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isSpreadElement(node)
  )
    return again(node.expression)
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(again)
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(again)
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(checker, checker.getSymbolAtLocation(node))
    const isPlain = declaration && ts.isVariableDeclaration(declaration) && !declaration.type
    return isPlain && declaration.initializer && isConstant(declaration)
      ? again(declaration.initializer)
      : [node]
  }
  const made = madeBy(node)
  return made
    ? made.flatMap((code) => (ts.isFunctionLike(code) ? returnsOf(checker, code) : [code])).flatMap(again)
    : [node]
}

const isConstant = ({ parent }: ts.VariableDeclaration) => (parent.flags & ts.NodeFlags.Const) !== 0

/**
 * Returns the nodes that produce the elements of a call's result, such as of `rows.map(row => …)` or `Promise.all(…)`.
 */
function madeBy(node: ts.Node): ts.Node[] | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
  const [first] = node.arguments
  const { name, expression } = node.expression
  if (first && MAPPERS.has(name.text) && ts.isFunctionLike(first)) return [first]
  return first && name.text === 'all' && expression.getText() === 'Promise' ? [first] : undefined
}

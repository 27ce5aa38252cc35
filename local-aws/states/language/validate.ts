import { LocalAwsError } from '../../errors.ts'
import {
  definitionSchema,
  EXPRESSION,
  type Catcher,
  type Definition,
  type Retrier,
  type State,
  type StateGraph,
} from './definition.ts'
import { ALL } from './errors.ts'
import { compile } from './expressions.ts'

/**
 * Parses a state machine's definition and checks all of it before anything runs: fields, names of states, resources and
 * the syntax of expressions.
 *
 * @param value the definition as parsed JSON
 * @param subject name of the machine, for the message
 * @param resources ARNs that a Task may call
 * @throws LocalAwsError NotImplemented; its message lists unknown fields or, if there are none, unknown resources and
 * states, and expressions that do not parse
 */
export function parseDefinition(value: unknown, subject: string, resources: readonly string[]): Definition {
  const parsed = definitionSchema.safeParse(value)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`)
    throw refused(subject, problems)
  }
  const problems: string[] = []
  checkGraph(parsed.data, '', new Set(), { resources, report: (problem) => problems.push(problem) })
  if (problems.length > 0) throw refused(subject, problems)
  return parsed.data
}

function refused(subject: string, problems: readonly string[]): LocalAwsError {
  return new LocalAwsError(
    'NotImplemented',
    `State machine ${subject}: expected a definition in the part of the Amazon States Language that runs here, found\n` +
      problems.map((problem) => `  ${problem}`).join('\n'),
  )
}

interface Checks {
  readonly resources: readonly string[]
  readonly report: (problem: string) => void
}

function checkGraph(graph: StateGraph, path: string, seen: Set<string>, checks: Checks): void {
  const { report } = checks
  if (!Object.hasOwn(graph.States, graph.StartAt))
    report(`${path}StartAt: there is no state "${graph.StartAt}"`)
  for (const [name, state] of Object.entries(graph.States)) {
    const where = `${path}States/${name}`
    if (seen.has(name)) report(`${where}: the name is used twice`)
    seen.add(name)
    for (const next of targets(state)) {
      if (!Object.hasOwn(graph.States, next)) report(`${where}: leads to "${next}", which is no state here`)
    }
    checkState(state, where, seen, checks)
    checkExpressions(state, where, checks)
  }
}

function targets(state: State): string[] {
  const found: (string | undefined)[] = []
  if ('Next' in state) found.push(state.Next)
  if ('Catch' in state) found.push(...(state.Catch ?? []).map((catcher) => catcher.Next))
  if (state.Type === 'Choice') found.push(state.Default, ...state.Choices.map((rule) => rule.Next))
  return found.filter((name) => name !== undefined)
}

function checkState(state: State, where: string, seen: Set<string>, checks: Checks): void {
  const { report } = checks
  if (!['Choice', 'Succeed', 'Fail'].includes(state.Type)) {
    const { Next, End } = state as { Next?: string; End?: true }
    if ((Next === undefined) === (End === undefined)) report(`${where}: expected either Next or End`)
  }
  if ('Retry' in state) checkErrorEquals(state.Retry ?? [], `${where}/Retry`, report)
  if ('Catch' in state) checkErrorEquals(state.Catch ?? [], `${where}/Catch`, report)
  if (state.Type === 'Task' && !checks.resources.includes(state.Resource)) {
    report(`${where}/Resource: "${state.Resource}" is not implemented; ${checks.resources.join(', ')} are`)
  }
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    report(`${where}: expected either Seconds or Timestamp`)
  }
  if (state.Type === 'Parallel') {
    for (const [index, branch] of state.Branches.entries()) {
      checkGraph(branch, `${where}/Branches/${index}/`, seen, checks)
    }
  }
  if (state.Type === 'Map') {
    checkMapFields(state, where, report)
    checkGraph(state.ItemProcessor, `${where}/ItemProcessor/`, seen, checks)
  }
}

const DISTRIBUTED_ONLY = [
  'ItemReader',
  'ResultWriter',
  'ToleratedFailurePercentage',
  'ToleratedFailureCount',
  'Label',
] as const

function checkMapFields(state: State & { Type: 'Map' }, where: string, report: Checks['report']): void {
  if (state.Items !== undefined && state.ItemReader !== undefined) {
    report(`${where}: expected either Items or ItemReader`)
  }
  if (state.ItemProcessor.ProcessorConfig.Mode === 'DISTRIBUTED') return
  for (const field of DISTRIBUTED_ONLY) {
    if (state[field] !== undefined) report(`${where}/${field}: only a Distributed Map has it`)
  }
}

/**
 * Checks that `States.ALL` stands alone and last.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
function checkErrorEquals(
  handlers: readonly (Retrier | Catcher)[],
  where: string,
  report: Checks['report'],
): void {
  for (const [index, { ErrorEquals }] of handlers.entries()) {
    if (!ErrorEquals.includes(ALL)) continue
    if (ErrorEquals.length > 1) report(`${where}/${index}: ${ALL} must stand alone`)
    if (index < handlers.length - 1) report(`${where}/${index}: ${ALL} must be the last`)
  }
}

/** Fields whose strings are not expressions. */
const NOT_EXPRESSIONS = new Set(['Comment', 'States', 'Branches', 'ItemProcessor'])

function checkExpressions(value: unknown, where: string, checks: Checks): void {
  if (typeof value === 'string') {
    checkExpression(value, where, checks.report)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      if (!NOT_EXPRESSIONS.has(name) || Array.isArray(value))
        checkExpressions(item, `${where}/${name}`, checks)
    }
  }
}

function checkExpression(text: string, where: string, report: Checks['report']): void {
  if (!EXPRESSION.test(text)) {
    if (/^\s*\{%|%\}\s*$/.test(text)) report(`${where}: an expression is {% … %} without anything around it`)
    return
  }
  try {
    compile(text)
  } catch (error) {
    report(`${where}: ${(error as Error).message}`)
  }
}

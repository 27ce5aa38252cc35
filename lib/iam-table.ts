import { allowedBy, flat, reasonsFor, type Statement } from './constructs/reasons.ts'

interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
}

/** A template as CloudFormation has it. */
export interface IamTemplate {
  readonly Resources?: Readonly<Record<string, Resource>>
}

interface Policy {
  readonly Roles?: readonly { readonly Ref: string }[]
  readonly PolicyDocument: { readonly Statement: readonly Statement[] }
}

/**
 * Every statement that a template's roles are allowed by, with its reason, as Markdown; and who takes each role.
 *
 * @throws Error for a statement without a reason
 */
export function iamTable({ Resources = {} }: IamTemplate): string {
  const of = (...types: string[]) => Object.entries(Resources).filter(([, { Type }]) => types.includes(Type))
  const policies = of('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').flatMap(([, { Properties }]) => {
    const { Roles = [], PolicyDocument } = Properties as unknown as Policy
    return Roles.flatMap(({ Ref }) => PolicyDocument.Statement.map((statement) => row(Ref, statement)))
  })
  const trusts = of('AWS::IAM::Role').map(([id, { Properties }]) => trustRow(id, Properties!))
  return [
    table(['role', 'actions', 'resources', 'condition', 'reason'], policies),
    table(['role', 'taken by', 'condition'], trusts),
  ].join('\n\n')
}

function row(role: string, statement: Statement): string[] {
  const allowed = allowedBy(statement)
  const reasons = allowed.map((each) => reasonsFor(each))
  const without = allowed.find((_, index) => reasons[index] === undefined)
  if (without) throw new Error(`${role}: expected a reason for ${JSON.stringify(without)}, found none.`)
  return [
    nameOf(role),
    codes(allowed[0]?.actions ?? []),
    codes([...new Set(allowed.map(({ resource }) => withoutHash(resource)))]),
    condition(statement.Condition),
    [...new Set(reasons.flatMap((each) => each!))].join(' '),
  ]
}

/** The version of a function that is current is another resource after each change. */
const withoutHash = (resource: string) => resource.replace(/(?<=CurrentVersion)[0-9A-Fa-f]+/, '')

function trustRow(id: string, properties: Readonly<Record<string, unknown>>): string[] {
  const { Statement } = properties.AssumeRolePolicyDocument as {
    readonly Statement: readonly {
      readonly Principal: { readonly Service: unknown }
      readonly Condition?: unknown
    }[]
  }
  const services = Statement.map(({ Principal }) => flat(Principal.Service))
  return [nameOf(id), codes(services), condition(Statement[0]?.Condition)]
}

/** Without the digits that CDK appends to a logical id, and with what CloudFormation splits said in words. */
function nameOf(text: string): string {
  return text
    .replaceAll(/\{"Fn::Select".*?\}\]\}/g, '<its name>')
    .replaceAll(/(\w+?)(DefaultPolicy)?[0-9A-F]{8}(?=$|[>.])/g, '$1')
}

const codes = (texts: readonly string[]) => texts.map((text) => `\`${nameOf(text)}\``).join(' ')

function condition(value: unknown): string {
  if (value === undefined) return ''
  const text = JSON.stringify(value, (_, each: unknown) => (isReference(each) ? flat(each) : each))
  return `\`${nameOf(text)}\``
}

function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('Ref' in value || 'Fn::Join' in value)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

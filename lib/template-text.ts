interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
}

/** Parts of a CloudFormation template that are needed to write its references as text. */
export interface TemplateParts {
  readonly Resources?: Readonly<Record<string, Resource>>
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>
}

/** Placeholders for what is known only when an account is deployed to. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  'AWS::Partition': '<partition>',
  'AWS::Region': '<region>',
  'AWS::AccountId': '<account>',
}

const arn = (service: string, place: string, name: string) => `arn:<partition>:${service}:${place}:${name}`
const REGIONAL = '<region>:<account>'

/** The property that names a resource, and the ARN of a resource with that name. */
const KINDS: Readonly<Record<string, readonly [property: string, arnOf: (name: string) => string]>> = {
  'AWS::IAM::Role': ['RoleName', (name) => arn('iam', ':<account>', `role/${name}`)],
  'AWS::Lambda::Function': ['FunctionName', (name) => arn('lambda', REGIONAL, `function:${name}`)],
  // Its property holds the name of the function.
  'AWS::Lambda::Version': ['FunctionName', (name) => arn('lambda', REGIONAL, `function:${name}:<version>`)],
  'AWS::Logs::LogGroup': ['LogGroupName', (name) => arn('logs', REGIONAL, `log-group:${name}:*`)],
  'AWS::StepFunctions::StateMachine': [
    'StateMachineName',
    (name) => arn('states', REGIONAL, `stateMachine:${name}`),
  ],
}
/** Types whose `Ref` gives the name; for others it gives the ARN. */
const REFERRED_BY_NAME = ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']

/**
 * Writes a value of a CloudFormation template as it is deployed. Values that are known only then appear as `<account>`,
 * `<region>` and the like.
 *
 * @throws Error for a value of an unknown kind
 */
export function textOf(value: unknown, template: TemplateParts): string {
  if (typeof value === 'string') return value
  const say = (each: unknown) => textOf(each, template)
  const [[name, operand]] = Object.entries(value as object) as [[string, unknown]]
  if (name === 'Ref') return referenceText(operand as string, template)
  if (name === 'Fn::GetAtt') return attributeText(operand as [string, string], template)
  if (name === 'Fn::Join') return (operand as [string, unknown[]])[1].map(say).join((operand as [string])[0])
  if (name === 'Fn::Sub')
    return (operand as string).replaceAll(/\$\{([^}]+)\}/g, (_, id: string) => referenceText(id, template))
  if (name === 'Fn::Split') throw new Error('A split text stands in a selection only.')
  if (name !== 'Fn::Select')
    throw new Error(`Template: expected a function of CloudFormation's, found ${name}.`)
  const [index, { 'Fn::Split': split }] = operand as [number, { 'Fn::Split': [string, unknown] }]
  return say(split[1]).split(split[0])[index]!
}

function referenceText(id: string, template: TemplateParts): string {
  const placeholder = PLACEHOLDERS[id]
  if (placeholder !== undefined) return placeholder
  const isName = REFERRED_BY_NAME.includes(template.Resources?.[id]?.Type ?? '')
  return isName ? nameOf(id, template) : arnOf(id, template)
}

function attributeText([id, attribute]: readonly [string, string], template: TemplateParts): string {
  if (attribute === 'Arn') return arnOf(id, template)
  throw new Error(`Template: expected the ARN of ${id}, found ${attribute}.`)
}

function arnOf(id: string, template: TemplateParts): string {
  const kind = KINDS[template.Resources?.[id]?.Type ?? '']
  if (!kind) throw new Error(`Template: expected a resource of a known type, found ${id}.`)
  return kind[1](nameOf(id, template))
}

function nameOf(id: string, template: TemplateParts): string {
  const { Type = '', Properties = {} } = template.Resources?.[id] ?? {}
  const name = Properties[KINDS[Type]?.[0] ?? '']
  return name === undefined ? `<name of ${outputOf(id, template) ?? id}>` : textOf(name, template)
}

/**
 * Returns the name of the output that holds the ARN of a resource; undefined if there is none.
 *
 * @param id logical id of the resource
 */
export function outputOf(id: string, { Outputs = {} }: TemplateParts): string | undefined {
  const isOf = ({ Value }: { readonly Value: unknown }) =>
    JSON.stringify(Value) === JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] })
  return Object.entries(Outputs).find(([, output]) => isOf(output))?.[0]
}

import { LocalAwsError } from '../errors.ts'
import type { Place } from '../protocol/place.ts'
import { RESOURCE_TYPES } from './resource-types.ts'
import type { Resource, Template } from './types.ts'

/** Values for the references of a template: region, account, names of resources and ARNs of versions. */
export interface ResolveOptions extends Place {
  /** Names of resources by logical id; they take precedence over names in the template. */
  readonly names: Readonly<Record<string, string>>
  /** Returns the ARN of the published version with a logical id; called for references to an `AWS::Lambda::Version`. */
  readonly versionArn: (logicalId: string) => string
}

/**
 * Evaluates a template's references (`Ref`, `Fn::GetAtt`) and intrinsic functions (`Fn::Join` and others), as
 * CloudFormation does at deployment.
 */
export interface Resolve {
  /**
   * Returns a value of the template in which all references and functions, at any depth, are replaced by their values.
   *
   * @param where path of the value in the template, for the error
   * @throws LocalAwsError NotImplemented, naming a reference or function that cannot be resolved
   */
  value(value: unknown, where: string): unknown
  /** Returns the resolved properties of a resource; empty if it has none. The logical id must exist. */
  propertiesOf(logicalId: string): Readonly<Record<string, unknown>>
  /** Returns the name of a resource: from the options or the template, else one made up from the logical id. */
  nameOf(logicalId: string): string
  /**
   * Returns the ARN of a resource.
   *
   * @throws LocalAwsError NotImplemented for a type of resource without an ARN
   */
  arnOf(logicalId: string): string
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html */
const VERSION = 'AWS::Lambda::Version'

/** Value of `AWS::NoValue`: removes the property. */
const NO_VALUE = Symbol('AWS::NoValue')

/**
 * Creates the {@link Resolve} of one template. It knows `Ref`, `Fn::GetAtt`, `Fn::Join`, `Fn::Sub`, `Fn::Select`,
 * `Fn::Split`, `Fn::If` and `Fn::FindInMap`; anything else is refused by name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolver(template: Template, options: ResolveOptions): Resolve {
  const { region, account, names, versionArn } = options
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'local',
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/local/local`,
    'AWS::NoValue': NO_VALUE,
  }

  function value(input: unknown, where: string): unknown {
    if (Array.isArray(input)) {
      return input.map((item, index) => value(item, `${where}/${index}`)).filter((item) => item !== NO_VALUE)
    }
    if (typeof input !== 'object' || input === null) return input
    const entries = Object.entries(input)
    const [first] = entries
    if (first && entries.length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
      return intrinsic(first[0], first[1], where)
    }
    const resolved = entries.map(([key, item]) => [key, value(item, `${where}/${key}`)] as const)
    return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE))
  }

  function intrinsic(name: string, argument: unknown, where: string): unknown {
    switch (name) {
      case 'Ref':
        return ref(String(argument), where)
      case 'Fn::GetAtt':
        return attribute(argument, where)
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown]
        return (value(parts, where) as unknown[]).join(separator)
      }
      case 'Fn::Sub':
        return substitute(argument, where)
      case 'Fn::Select': {
        const [index, list] = argument as [number | string, unknown]
        return (value(list, where) as unknown[])[Number(index)]
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown]
        return String(value(text, where)).split(separator)
      }
      case 'Fn::If': {
        const [condition, yes, no] = argument as [string, unknown, unknown]
        return value(isTrue(template.Conditions?.[condition], where) ? yes : no, where)
      }
      case 'Fn::FindInMap': {
        const [map, top, second] = value(argument, where) as [string, string, string]
        return (
          template.Mappings?.[map]?.[top]?.[second] ??
          unresolved(`Fn::FindInMap ${map}/${top}/${second}`, where)
        )
      }
      default:
        return unresolved(`the function ${name}`, where)
    }
  }

  function isTrue(condition: unknown, where: string): boolean {
    const [found] = Object.entries((condition ?? {}) as Record<string, unknown>)
    const [name, argument] = found ?? ['nothing', []]
    const all = argument as unknown[]
    switch (name) {
      case 'Fn::Equals':
        return value(all[0], where) === value(all[1], where)
      case 'Fn::Not':
        return !isTrue(all[0], where)
      case 'Fn::And':
        return all.every((one) => isTrue(one, where))
      case 'Fn::Or':
        return all.some((one) => isTrue(one, where))
      case 'Condition':
        return isTrue(template.Conditions?.[argument as string], where)
      default:
        return unresolved(`the condition ${name}`, where)
    }
  }

  function ref(name: string, where: string): unknown {
    if (Object.hasOwn(pseudo, name)) return pseudo[name]
    const parameter = template.Parameters?.[name]
    if (parameter)
      return parameter.Default ?? unresolved(`the parameter ${name}, which has no default`, where)
    const resource = template.Resources[name]
    if (!resource || !RESOURCE_TYPES[resource.Type])
      return unresolved(`Ref ${name}${kindOf(resource)}`, where)
    if (resource.Type === VERSION) return versionArn(name)
    return RESOURCE_TYPES[resource.Type]!.isRefArn ? arnOf(name) : nameOf(name)
  }

  function attribute(argument: unknown, where: string): unknown {
    const [name, ...rest] = Array.isArray(argument) ? (argument as string[]) : String(argument).split('.')
    const resource = template.Resources[name!]
    const wanted = rest.join('.')
    const type = resource && RESOURCE_TYPES[resource.Type]
    if (resource?.Type === VERSION && wanted === 'FunctionArn') return versionArn(name!)
    if (resource?.Type === VERSION && wanted === 'Version') return versionArn(name!).split(':').at(-1)
    if (type?.arn && wanted === (type.arnAttribute ?? 'Arn')) return arnOf(name!)
    if (type && (wanted === 'Name' || wanted === type.nameProperty)) return nameOf(name!)
    return unresolved(`${name}.${wanted}${kindOf(resource)}`, where)
  }

  function substitute(argument: unknown, where: string): string {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
      string,
      Record<string, unknown>,
    ]
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_whole, isLiteral: string, name: string) => {
      if (isLiteral) return `\${${name}}`
      if (Object.hasOwn(variables, name)) return String(value(variables[name], where))
      return String(name.includes('.') ? attribute(name, where) : ref(name, where))
    })
  }

  function nameOf(logicalId: string): string {
    const { Type, Properties } = template.Resources[logicalId]!
    const property = RESOURCE_TYPES[Type]?.nameProperty
    const path = typeof property === 'string' ? [property] : (property ?? [])
    const raw = path.length === 0 ? undefined : at(Properties, path)
    const own = raw === undefined ? undefined : value(raw, `${logicalId}/${path.join('/')}`)
    return names[logicalId] ?? (typeof own === 'string' ? own : kebab(logicalId))
  }

  function arnOf(logicalId: string): string {
    const arn = RESOURCE_TYPES[template.Resources[logicalId]!.Type]?.arn
    return arn
      ? arn(nameOf(logicalId), { region, account })
      : unresolved(`the ARN of ${logicalId}`, logicalId)
  }

  const propertiesOf = (logicalId: string) =>
    value(template.Resources[logicalId]!.Properties ?? {}, logicalId) as Readonly<Record<string, unknown>>

  return { value, propertiesOf, nameOf, arnOf }
}

function at(object: unknown, path: readonly string[]): unknown {
  let found = object
  for (const key of path) found = (found as Record<string, unknown> | undefined)?.[key]
  return found
}

const kindOf = (resource: Resource | undefined) =>
  resource ? ` (${resource.Type})` : ', which is no resource'

/** Makes up a name, as CloudFormation would, in the form that most resource types allow. */
const kebab = (logicalId: string) => logicalId.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase()

function unresolved(what: string, where: string): never {
  throw new LocalAwsError(
    'NotImplemented',
    `Template: ${where}: expected a reference that is known here, found ${what}. Add it to local-aws/cloudformation/.`,
  )
}

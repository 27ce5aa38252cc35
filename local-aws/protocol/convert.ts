import type { NormalizedSchema } from '@smithy/core/schema'
import type { AnyServed, Limit, Range } from './shapes.ts'

/** Result of a conversion between JSON and the SDK's types. */
export interface Converted {
  /** The converted value; complete only if there are no problems. */
  readonly value: unknown
  /** A message for each part that does not fit the schema, with its path, such as `/Columns/0/Tpye: expected …`. */
  readonly problems: readonly string[]
}

/**
 * Converts the JSON of a request to the SDK's types and checks it against schema and limits. Times, in seconds since
 * 1970, become dates; null counts as absent.
 *
 * @param served the members that are implemented, with their limits
 */
export function fromJson(schema: NormalizedSchema, value: unknown, served: AnyServed): Converted {
  const dateOf = (time: unknown) => (typeof time === 'number' ? new Date(time * 1000) : undefined)
  return convert(schema, value, served, dateOf)
}

/**
 * Converts an answer from the SDK's types to its JSON and checks it against the schema. Dates become seconds since
 * 1970.
 */
export function toJson(schema: NormalizedSchema, value: unknown): Converted {
  return convert(schema, value, true, (time) => (time instanceof Date ? time.getTime() / 1000 : undefined))
}

function convert(
  schema: NormalizedSchema,
  value: unknown,
  served: AnyServed,
  timeOf: Walk['timeOf'],
): Converted {
  const problems: string[] = []
  const report = (path: string, problem: string) => void problems.push(`${path || '/'}: ${problem}`)
  return { value: walk({ timeOf, report }, schema, value, served, ''), problems }
}

interface Walk {
  /** Converts a time to the other side's form; undefined if the value is no time. */
  readonly timeOf: (value: unknown) => unknown
  readonly report: (path: string, problem: string) => void
}

type Convert = (
  walk: Walk,
  schema: NormalizedSchema,
  value: unknown,
  served: AnyServed,
  path: string,
) => unknown

const walk: Convert = (...args) => {
  const [, schema] = args
  // Schema of an operation without output.
  if (schema.isUnitSchema()) return {}
  if (schema.isStructSchema()) return structure(...args)
  if (schema.isListSchema()) return list(...args)
  if (schema.isMapSchema()) return map(...args)
  return scalar(...args)
}

const structure: Convert = (context, schema, value, served, path) => {
  if (!isRecord(value)) return wrongType(context, path, 'an object', value)
  const { members, required } = membersOf(schema)
  for (const name of required) {
    if (isAbsent(value[name])) context.report(`${path}/${name}`, 'expected a value, found none')
  }
  return mapFields(value, (name, field) => {
    const at = `${path}/${name}`
    const member = members.get(name)
    const inner = served === true ? true : (served as Readonly<Record<string, AnyServed | undefined>>)[name]
    if (!member) return context.report(at, `expected a member of ${schema.getName()}, which has none like it`)
    if (inner === undefined) return context.report(at, 'expected no member that is not implemented here')
    return walk(context, member, field, inner, at)
  })
}

/**
 * Limits of a list or a map: `each` for every item or value, `key` for every key of a map, `count` for the number of
 * items, both bounds included.
 */
export interface Items {
  readonly each?: AnyServed
  readonly key?: Limit<string>
  readonly count?: Range
}

const list: Convert = (context, schema, value, served, path) => {
  if (!Array.isArray(value)) return wrongType(context, path, 'a list', value)
  const { each = true, count } = served as Items
  checkCount(context, value.length, count, path)
  const item = schema.getValueSchema()
  return value.map((one: unknown, index) => walk(context, item, one, each, `${path}/${index}`))
}

const map: Convert = (context, schema, value, served, path) => {
  if (!isRecord(value)) return wrongType(context, path, 'an object', value)
  const { each = true, key, count } = served as Items
  checkCount(context, Object.keys(value).length, count, path)
  const item = schema.getValueSchema()
  return mapFields(value, (name, one) => {
    const expected = key?.(name)
    if (expected !== undefined) context.report(path, `${expected}, found ${JSON.stringify(name)}`)
    return walk(context, item, one, each, `${path}/${name}`)
  })
}

const scalar: Convert = (context, schema, value, served, path) => {
  if (schema.isTimestampSchema()) return context.timeOf(value) ?? wrongType(context, path, 'a time', value)
  const type = schema.isStringSchema() ? 'string' : schema.isBooleanSchema() ? 'boolean' : 'number'
  if (typeof value !== type) return wrongType(context, path, `a ${type}`, value)
  const expected = typeof served === 'function' ? served(value as never) : undefined
  if (expected !== undefined) context.report(path, `${expected}, found ${JSON.stringify(value)}`)
  return value
}

function wrongType({ report }: Walk, path: string, expected: string, found: unknown): undefined {
  report(path, `expected ${expected}, found ${JSON.stringify(found)}`)
}

function checkCount({ report }: Walk, found: number, count: Range | undefined, path: string): void {
  if (!count || (found >= count[0] && found <= count[1])) return
  report(path, `expected ${count.join(' to ')} items, found ${found}`)
}

type Fields = Readonly<Record<string, unknown>>

const isAbsent = (value: unknown) => value === undefined || value === null
const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

function mapFields(value: Fields, change: (name: string, value: unknown) => unknown): Fields {
  const changed: Record<string, unknown> = {}
  for (const name in value) {
    if (!isAbsent(value[name])) changed[name] = change(name, value[name])
  }
  return changed
}

interface Members {
  readonly members: ReadonlyMap<string, NormalizedSchema>
  readonly required: readonly string[]
}

const remembered = new WeakMap<object, Members>()

/**
 * Returns the schemas of a structure's members by name, and the names of those that are required. The result is cached.
 */
export function membersOf(schema: NormalizedSchema): Members {
  const raw = schema.getSchema() as unknown as readonly unknown[]
  const known = remembered.get(raw)
  if (known) return known
  const members = new Map(schema.structIterator())
  // A static schema lists its required members first and holds their number last.
  const required = [...members.keys()].slice(0, (raw[6] as number | undefined) ?? 0)
  remembered.set(raw, { members, required })
  return { members, required }
}

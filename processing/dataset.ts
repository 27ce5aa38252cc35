import { checksProblem } from '../core/check-problem.ts'
import type { Check, Otherwise } from '../core/checks.ts'
import { MAX_PRECISION } from '../core/kinds/decimal.ts'
import type { KindSpec } from '../core/kinds/table.ts'
import type { ColumnSpec, ElementSpec } from '../core/columns.ts'
import { DayfoldError } from '../core/errors.ts'
import { MAX_DATASET_NAME_LENGTH, NAME_PATTERN, PARTITION_COLUMN } from '../core/layout.ts'
import { readSettingProblem, readSettings, type ReadSettings } from '../core/read-settings.ts'
import { runSettingProblem, type RunSettings } from '../core/run-settings.ts'

/**
 * An integer in a raw record. It is a bigint if it is beyond 2^53 - 1 in either direction, so that no digit is lost.
 * `String` and an `int64` column keep all digits of a bigint, `Number` rounds it, and arithmetic of a bigint with a
 * number throws.
 */
export type JsonInteger = number | bigint

/**
 * A column of a dataset, made by a function such as `string` or `list`. Feature code gives values of type `T`;
 * `client/` returns them as type `R`.
 */
export interface Column<T, R = T> {
  /** Kind, parameters and nullability, as plain data. */
  readonly spec: ElementSpec
  /** Returns the same column, but with null as a further value. */
  nullable(): Column<T | null, R | null>
  /** Carries the type of the values for the compiler; never set. */
  readonly _value?: T
  /** Carries the type of the values as `client/` returns them; never set. */
  readonly _read?: R
}

function column<T, R = T>(spec: ElementSpec): Column<T, R> {
  return { spec, nullable: () => column<T | null, R | null>({ ...spec, nullable: true }) }
}

function scalar<T, R = T>(kind: KindSpec['kind']): Column<T, R> {
  return column({ kind, nullable: false })
}

/** Makes a column of text. A lone surrogate rejects the record, as UTF-8 cannot represent it. */
export const string = () => scalar<string>('string')
/** Makes a column of whole numbers from -2^31 to 2^31 - 1. Any other number rejects the record. */
export const int32 = () => scalar<number>('int32')
/**
 * Makes a column of whole numbers of 64 bits. A value is a bigint, or a number up to 2^53 - 1 in either direction; any
 * other rejects the record. `client/` returns bigints.
 */
export const int64 = () => scalar<number | bigint, bigint>('int64')
/**
 * Makes a column of numbers in single precision. Numbers are rounded; one that overflows rejects the record, as do NaN
 * and infinities.
 */
export const float32 = () => scalar<number>('float32')
/** Makes a column of numbers in double precision. NaN and infinities reject the record. */
export const float64 = () => scalar<number>('float64')
/** Makes a column of `true` and `false`. Any other value, such as `'true'` or 1, rejects the record. */
export const boolean = () => scalar<boolean>('boolean')
/** Makes a column of instants in the years 1 to 9999, to the millisecond. */
export const timestamp = () => scalar<Date>('timestamp')
/** Makes a column of calendar days in the years 1 to 9999. The day is that of the Date in UTC. */
export const date = () => scalar<Date>('date')
/**
 * Makes a column of exact numbers with up to `precision` digits, `scale` of them after the point. A value is text such
 * as `'12.34'`, or a bigint that counts units of the last digit (at scale 2, `1234n` is 12.34). A number rejects the
 * record, because its digits may be rounded: pass an integer of a raw record as `String(value)`. `client/` returns text
 * with all digits.
 *
 * @param precision from 1 to 38
 * @param scale from 0 to `precision`
 * @throws DayfoldError InvalidDataset for another precision or scale
 */
export function decimal(precision: number, scale: number): Column<string | bigint, string> {
  checkWhole(`decimal(${precision}, ${scale}): precision`, precision, 1, MAX_PRECISION)
  checkWhole(`decimal(${precision}, ${scale}): scale`, scale, 0, precision)
  return column({ kind: 'decimal', parameters: [precision, scale], nullable: false })
}

function checkWhole(subject: string, found: number, least: number, most: number): void {
  if (Number.isInteger(found) && found >= least && found <= most) return
  throw invalid(`${subject}: expected a whole number from ${least} to ${most}, found ${found}.`)
}

/**
 * Makes a column of lists.
 *
 * @param column whose values the elements are
 */
export const list = <T, R>({ spec }: Column<T, R>) =>
  column<readonly T[], readonly R[]>({ kind: 'list', nullable: false, element: spec })

/** Columns of a dataset by name, in the order of the table. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a column of any value
export type Columns = Readonly<Record<string, Column<any, any>>>
/** Type of the values that feature code gives for a column. */
export type ValueOf<C> = C extends Column<infer T, unknown> ? T : never
/** Type of the values that `client/` returns for a column. */
export type ReadOf<C> = C extends Column<unknown, infer R> ? R : never
/** Type of the rows that feature code gives for these columns. */
export type RowOf<C extends Columns> = { readonly [K in keyof C]: ValueOf<C[K]> }
/** Type of the rows that a dataset's feature code gives. */
export type Row<D> = D extends Dataset<string, infer C> ? RowOf<C> : never

type Plain<O> = O extends readonly (infer E)[] ? E : O extends null ? never : O
type AllKeys<O> = O extends unknown ? keyof O : never
type Missing<C, O> = O extends unknown ? Exclude<keyof C, keyof O> : never
type Wrong<C extends Columns, O> = O extends unknown
  ? { [K in keyof C & keyof O]: O[K] extends ValueOf<C[K]> ? never : K }[keyof C & keyof O]
  : never
/** The first mismatch between the columns and what a record gives, as text that the compiler prints. */
type Problem<C extends Columns, O, NoRow, Promised> = 0 extends 1 & Plain<O>
  ? 'the type of the returned row must be known, not any'
  : [Plain<O>] extends [object]
    ? [Extract<Plain<O>, PromiseLike<unknown>>] extends [never]
      ? RowProblem<C, Plain<O>>
      : Promised
    : NoRow
type ExtractProblem<C extends Columns, O> = Problem<
  C,
  O,
  'extract must return a row, rows or null',
  'extract must not be async: extractBatch may be'
>
type NoResult = 'each result of extractBatch must be a row, rows, null or an Error'
type BatchProblem<C extends Columns, B> = [Awaited<B>] extends [readonly (infer O)[]]
  ? Problem<C, WithoutErrors<O>, NoResult, NoResult>
  : 'extractBatch must return an array with a result for each record'
/** Leaves out errors. A row may have the columns `name` and `message`, but hardly an error's `stack` as well. */
type WithoutErrors<O> = O extends Error ? ('stack' extends keyof O ? never : O) : O

declare const ABSENT: unique symbol
/** Stands for the result of code that a dataset does not have. */
interface Absent {
  readonly [ABSENT]: never
}
type IsAbsent<O> = 0 extends 1 & O ? false : [O, Absent] extends [Absent, O] ? true : false
/** The problem with a dataset's code, as a property with the name of the option that has it. */
type Misfit<C extends Columns, O, B> =
  IsAbsent<B> extends true
    ? Named<'extract', IsAbsent<O> extends true ? 'extract or extractBatch is missing' : ExtractProblem<C, O>>
    : Named<
        'extractBatch',
        IsAbsent<O> extends true ? BatchProblem<C, B> : 'a dataset has extract or extractBatch, not both'
      >
type Named<K extends string, P> = [P] extends [never] ? unknown : { readonly [Name in K]: P }
type Code<B> =
  IsAbsent<B> extends true
    ? { readonly extract: (record: never, context: never) => unknown }
    : { readonly extractBatch: (records: never[], context: never) => unknown }

type RowProblem<C extends Columns, O> = [Exclude<AllKeys<O>, keyof C>] extends [never]
  ? [Missing<C, O>] extends [never]
    ? [Wrong<C, O>] extends [never]
      ? never
      : `column '${Wrong<C, O> & string}' has a value of the wrong type`
    : `column '${Missing<C, O> & string}' is missing`
  : `'${Exclude<AllKeys<O>, keyof C> & string}' is not one of the columns`

/** Names of columns whose values, nulls aside, are all `T`. */
type ColumnOf<C extends Columns, T> = {
  [K in keyof C & string]: [NonNullable<ValueOf<C[K]>>] extends [T] ? K : never
}[keyof C & string]
/** Names of columns of numbers, decimals included. */
type NumberColumn<C extends Columns> = {
  [K in keyof C & string]: bigint extends ValueOf<C[K]> ? K : number extends ValueOf<C[K]> ? K : never
}[keyof C & string]
type OneOf<C extends Columns> = {
  [K in ColumnOf<C, string | number | bigint | boolean>]: {
    readonly check: 'oneOf'
    readonly column: K
    readonly values: readonly Exclude<ValueOf<C[K]>, null | bigint>[]
    readonly maxRatio?: number
    readonly otherwise?: Otherwise
  }
}[ColumnOf<C, string | number | bigint | boolean>]
type WithoutColumn<K extends Check['check']> = Omit<Extract<Check, { check: K }>, 'column' | 'columns'>
type Bounds<T> = {
  readonly check: 'range'
  readonly otherwise?: Otherwise
  readonly min?: T
  readonly max?: T
}

/**
 * A check on each day of a dataset with these columns, such as the range of a column's values or the number of rows.
 */
export type CheckOf<C extends Columns> =
  | (WithoutColumn<'notNull'> & { readonly column: keyof C & string })
  | (Bounds<number> & { readonly column: NumberColumn<C> })
  | (Bounds<string> & { readonly column: ColumnOf<C, Date> })
  | OneOf<C>
  | (WithoutColumn<'matches'> & { readonly column: ColumnOf<C, string> })
  | WithoutColumn<'rows'>
  | (WithoutColumn<'drift'> & { readonly columns?: readonly (keyof C & string)[] })
  | (WithoutColumn<'unique'> & { readonly columns: readonly (keyof C & string)[] })

/** Argument of a dataset's `setup`: access to its assets. */
export interface SetupInput {
  /**
   * Absolute path of the folder with the dataset's assets. Treat it as read-only.
   *
   * @throws DayfoldError InvalidDataset if the dataset has no assets
   */
  readonly assets: string
  /**
   * Returns the bytes of a file in the assets. The file is read once, and all workers share its bytes: use it for
   * tables that are too large to copy per worker. Treat the bytes as read-only.
   *
   * @param name path below the assets
   * @throws DayfoldError InvalidDataset if there is no such file
   */
  readonly sharedBytes: (name: string) => Promise<Buffer>
}

/** Maximum number of records per call of `extractBatch`, for a dataset that does not set `batch`. */
export const DEFAULT_BATCH = 64
const MAX_BATCH = 10_000

/**
 * Options of {@link defineDataset}. Type `R` is a raw record, `O` the result of `extract`, `S` the result of `setup`,
 * and `B` the result of `extractBatch`.
 */
export interface DatasetOptions<N extends string, C extends Columns, R, O, S, B>
  extends Partial<ReadSettings>, RunSettings {
  /** Name of the dataset and of its table: `[a-z][a-z0-9_]*`, at most 64 characters. */
  readonly name: N
  /** Columns of the table, in its order. A name is `[a-z][a-z0-9_]*`; `day_partition` is reserved. */
  readonly columns: C
  /**
   * Checks of each day, judged over all of its rows whenever it is published. Changing a check rebuilds no day.
   * @default no checks
   */
  readonly checks?: readonly CheckOf<NoInfer<C>>[]
  /**
   * Folder of models and tables, such as `./jobs-assets`, beside or below the module that the registry imports the
   * dataset from. It is deployed with the code, without names that begin with a dot. A changed file rebuilds days as
   * changed code does.
   * @default no assets
   */
  readonly assets?: string
  /**
   * Packages to install, at the versions of the lock file, instead of bundling them: those that look for files beside
   * their code. Packages with native addons or WebAssembly are found without being named.
   * @default those with native addons or WebAssembly
   */
  readonly packages?: readonly string[]
  /**
   * Called once per worker before its first record, for lookup tables and models. Its result is the second argument of
   * `extract` or `extractBatch`; declare the type there as well.
   * @default no setup: the second argument is undefined
   */
  readonly setup?: (input: SetupInput) => S | Promise<S>
  /**
   * Returns the row of a record, several rows, or null to drop the record. The record is its line as `JSON.parse` reads
   * it, except that large integers are bigints ({@link JsonInteger}). Must depend on nothing but its arguments, so that
   * a rebuild gives the same rows. An exception rejects the record.
   */
  readonly extract?: (record: R, context: S) => O
  /**
   * Processes several records at once, for models; replaces `extract`. Gets up to `batch` records and returns one
   * result for each, in their order: a row, rows, null, or an Error that rejects the record. May be async. The records
   * of a batch follow each other in one shard, whatever the number of workers. If it throws, it is called again for
   * each record alone.
   */
  readonly extractBatch?: (records: R[], context: S) => B
  /**
   * Maximum number of records per call of `extractBatch`, from 1 to 10000. A batch is smaller at the end of a shard, or
   * if its records are large.
   * @default 64
   */
  readonly batch?: number
}

/** A dataset as {@link defineDataset} returns it: its options with defaults filled in. */
export interface Dataset<N extends string = string, C extends Columns = Columns>
  extends ReadSettings, RunSettings {
  readonly name: N
  readonly columns: C
  readonly checks?: readonly Check[]
  readonly assets?: string
  readonly packages?: readonly string[]
  readonly setup?: (input: SetupInput) => unknown
  readonly extract?: (record: never, context: never) => unknown
  readonly extractBatch?: (records: never[], context: never) => unknown
  readonly batch?: number
  readonly [DATASET]: true
}

const DATASET = Symbol.for('dayfold.dataset')

/**
 * True for a value that `defineDataset` returned, even if another bundle with its own copy of that function made it.
 */
export function isDataset(value: unknown): value is Dataset {
  return typeof value === 'object' && value !== null && DATASET in value
}

/**
 * Defines a dataset: its columns and the feature code that makes rows of raw records. If `extract` lacks a column,
 * gives it a wrong type or adds an unknown one, a compile error names the column.
 *
 * @throws DayfoldError InvalidDataset for a name, setting or check that is not allowed, or if there are no columns
 */
export function defineDataset<
  const N extends string,
  const C extends Columns,
  R,
  O = Absent,
  S = undefined,
  B = Absent,
>(options: DatasetOptions<N, C, R, O, S, B> & Misfit<C, O, B>): Dataset<N, C> & Code<B> {
  const { name, columns } = options
  checkName(name, 'Dataset')
  if (name.length > MAX_DATASET_NAME_LENGTH) {
    throw invalid(
      `Dataset "${name}": expected a name of at most ${MAX_DATASET_NAME_LENGTH} characters, found ${name.length}.`,
    )
  }
  if (Object.keys(columns).length === 0)
    throw invalid(`Dataset "${name}": expected at least one column, found none.`)
  for (const columnName of Object.keys(columns)) {
    checkName(columnName, `Dataset "${name}": column`)
    if (columnName === PARTITION_COLUMN) {
      throw invalid(
        `Dataset "${name}": column "${columnName}" is reserved for the partition. Choose another name.`,
      )
    }
  }
  const settings = readSettings(options)
  const dataset = { ...options, ...settings, [DATASET]: true } as unknown as Dataset<N, C> & Code<B>
  const problem =
    readSettingProblem(settings) ??
    runSettingProblem(options) ??
    codeProblem(options) ??
    checksProblem(dataset.checks ?? [], columnSpecs(dataset))
  if (problem !== undefined) throw invalid(`Dataset "${name}": ${problem}.`)
  return dataset
}

type SaidOfCode = Pick<Dataset, 'extract' | 'extractBatch' | 'batch' | 'assets' | 'packages'>

/**
 * Returns the problem with the options of a dataset's code, or undefined. Repeats the compiler's checks, for code that
 * was not compiled against these types, and adds those that it cannot make.
 */
function codeProblem({ extract, extractBatch, batch, assets, packages }: SaidOfCode): string | undefined {
  const found = [extract, extractBatch].filter((code) => typeof code === 'function').length
  if (found !== 1) return `expected extract or extractBatch, found ${found === 0 ? 'neither' : 'both'}`
  if (batch !== undefined && !extractBatch) return 'batch: expected it beside extractBatch, found extract'
  if (batch !== undefined && !(Number.isInteger(batch) && batch >= 1 && batch <= MAX_BATCH))
    return `batch: expected a whole number from 1 to ${MAX_BATCH}, found ${batch}`
  if (assets !== undefined && (typeof assets !== 'string' || assets === ''))
    return `assets: expected the path of a folder such as "./model", found ${JSON.stringify(assets)}`
  if (packages !== undefined && !isNames(packages))
    return `packages: expected a list of names such as ["onnxruntime-node"], found ${JSON.stringify(packages)}`
  return undefined
}

const PACKAGE_NAME = /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*$/

const isNames = (packages: unknown) =>
  Array.isArray(packages) && packages.every((name) => typeof name === 'string' && PACKAGE_NAME.test(name))

function checkName(name: string, subject: string): void {
  if (!NAME_PATTERN.test(name)) {
    throw invalid(`${subject} "${name}": expected a name like [a-z][a-z0-9_]*, found "${name}". Rename it.`)
  }
}

function invalid(message: string): DayfoldError {
  return new DayfoldError('InvalidDataset', message)
}

/** Returns the columns of a dataset as plain data, which can be stored and sent, in the order of the table. */
export function columnSpecs(dataset: Dataset): ColumnSpec[] {
  return Object.entries(dataset.columns).map(([name, { spec }]) => ({ name, ...spec }))
}

/**
 * Returns the dataset of that name from the registry's list.
 *
 * @throws DayfoldError UnknownDataset if there is none
 */
export function findDataset(datasets: readonly Dataset[], name: string): Dataset {
  const dataset = datasets.find((candidate) => candidate.name === name)
  if (dataset) return dataset
  const names = datasets.map((candidate) => candidate.name).join(', ')
  throw new DayfoldError(
    'UnknownDataset',
    `Dataset: expected one of ${names}, found "${name}". Deploy again.`,
  )
}

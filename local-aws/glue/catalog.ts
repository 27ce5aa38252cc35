import { rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../clock.ts'
import { homePaths } from '../home/paths.ts'
import { AwsError } from '../protocol/service.ts'
import {
  partitionId,
  type CatalogPartition,
  type CatalogTable,
  type DeclaredTable,
  type PartitionChange,
  type StorageDescriptor,
} from './model.ts'
import { readTable, writeTable } from './table-file.ts'

/** Options of {@link openCatalog}. */
export interface CatalogOptions {
  /** Folder of all state, in which the tables are stored. */
  readonly home: string
  /** Name of the catalog's only database. */
  readonly database: string
  /** Tables as the template declares them; no others exist. */
  readonly tables: readonly DeclaredTable[]
  /** Clock for the times of tables and partitions. */
  readonly clock: Clock
}

/**
 * The local Glue catalog: the tables of one database with their partitions. Every read goes to disk, because another
 * process may have written.
 */
export interface Catalog {
  readonly database: string
  /** Names of the declared tables, sorted. */
  readonly tableNames: readonly string[]
  /**
   * Replaces the declarations of the tables, as CloudFormation does at an update. A table whose declaration differs
   * from the one in `before` is changed to the new declaration and keeps its partitions; changes by UpdateTable are
   * lost. A table whose declaration is the same stays as it is.
   * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
   *
   * @param before the declarations of the last deployment
   */
  declare(tables: readonly DeclaredTable[], before: readonly DeclaredTable[]): Promise<void>
  /** Deletes the stored state of a table and its partitions; does nothing if there is none. */
  drop(name: string): Promise<void>
  /**
   * Reads a table with all of its partitions.
   *
   * @throws AwsError EntityNotFoundException for a table that is not declared
   */
  table(name: string): Promise<CatalogTable>
  /**
   * Replaces the description of a table; its partitions stay.
   *
   * @throws AwsError EntityNotFoundException for a table that is not declared
   */
  updateTable(name: string, input: DeclaredTable): Promise<void>
  /**
   * Creates a partition.
   *
   * @throws AwsError AlreadyExistsException for a partition that exists
   */
  createPartition(table: string, change: PartitionChange): Promise<void>
  /**
   * Replaces the description of a partition; its creation time stays.
   *
   * @throws AwsError EntityNotFoundException for a partition that does not exist
   */
  updatePartition(table: string, change: PartitionChange): Promise<void>
  /**
   * Changes the descriptor of a partition: `alter` gets the current one and returns the new one. Resolves to false if
   * there is no such partition or `alter` has changed nothing.
   */
  alterPartition(
    table: string,
    values: readonly string[],
    alter: (descriptor: StorageDescriptor) => StorageDescriptor,
  ): Promise<boolean>
  /**
   * Deletes a partition; files in S3 are not touched.
   *
   * @throws AwsError EntityNotFoundException for a partition that does not exist
   */
  deletePartition(table: string, values: readonly string[]): Promise<void>
  /**
   * Creates all given partitions that do not exist yet, in one write. Returns the values of those that exist already.
   */
  createPartitions(
    table: string,
    changes: readonly PartitionChange[],
  ): Promise<readonly (readonly string[])[]>
}

/**
 * Opens the catalog of a home, whose tables are JSON files. Changes that this process makes to one table are applied
 * one after another, in the order of the calls.
 */
export function openCatalog({ home, database, tables, clock }: CatalogOptions): Catalog {
  let declared = byName(tables)
  const startedAt = clock.now()
  const path = (name: string) => homePaths(home).table(database, name)
  const lastChange = new Map<string, Promise<unknown>>()

  async function read(name: string): Promise<CatalogTable> {
    const declaration = declared.get(name)
    if (!declaration) throw new AwsError('EntityNotFoundException', `Entity Not Found: table ${name}.`)
    return readTable(path(name), declaration, startedAt)
  }

  /** Runs `make` on the newest state of the table and writes the result. */
  function change(
    name: string,
    make: (table: CatalogTable, revision: number) => CatalogTable,
  ): Promise<void> {
    return inTurn(name, async () => {
      const declaration = declared.get(name)
      const table = await read(name)
      const revision = table.revision + 1
      const changed = make(table, revision)
      if (changed !== table) await writeTable(path(name), { ...changed, revision }, declaration!)
    })
  }

  function inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const result = (lastChange.get(name) ?? Promise.resolve()).then(work, work)
    lastChange.set(name, result)
    return result
  }

  return {
    database,
    get tableNames() {
      return [...declared.keys()].sort()
    },
    async declare(tables, before) {
      const last = byName(before)
      declared = byName(tables)
      const isOther = (table: DeclaredTable) =>
        last.has(table.Name) && !isDeepStrictEqual(last.get(table.Name), table)
      for (const input of tables.filter(isOther)) {
        await change(input.Name, (table) => ({ ...table, input, updatedAt: clock.now() }))
      }
    },
    drop: (name) => inTurn(name, () => rm(path(name), { force: true })),
    table: read,
    updateTable: (name, input) => change(name, (table) => ({ ...table, input, updatedAt: clock.now() })),
    createPartition: (name, input) =>
      change(name, (table, revision) => {
        if (table.partitions.has(partitionId(input.Values))) throw alreadyExists(name, input.Values)
        return withPartition(table, made(table, input, revision, clock))
      }),
    updatePartition: (name, input) =>
      change(name, (table, revision) => {
        const before = table.partitions.get(partitionId(input.Values))
        if (!before) throw noSuchPartition(name, input.Values)
        return withPartition(table, { ...made(table, input, revision, clock), createdAt: before.createdAt })
      }),
    async alterPartition(name, values, alter) {
      let isChanged = false
      await change(name, (table, revision) => {
        const before = table.partitions.get(partitionId(values))
        const descriptor = before && alter(before.descriptor)
        isChanged = before !== undefined && !isDeepStrictEqual(descriptor, before.descriptor)
        return isChanged ? withPartition(table, { ...before!, descriptor: descriptor!, revision }) : table
      })
      return isChanged
    },
    deletePartition: (name, values) =>
      change(name, (table) => {
        const partitions = new Map(table.partitions)
        if (!partitions.delete(partitionId(values))) throw noSuchPartition(name, values)
        return { ...table, partitions }
      }),
    async createPartitions(name, inputs) {
      const existing: (readonly string[])[] = []
      await change(name, (table, revision) => {
        let result = table
        for (const input of inputs) {
          if (result.partitions.has(partitionId(input.Values))) existing.push(input.Values)
          else result = withPartition(result, made(table, input, revision, clock))
        }
        return result
      })
      return existing
    },
  }
}

const byName = (tables: readonly DeclaredTable[]) => new Map(tables.map((table) => [table.Name, table]))

function made(table: CatalogTable, input: PartitionChange, revision: number, clock: Clock): CatalogPartition {
  const keys = table.input.PartitionKeys ?? []
  if (input.Values.length !== keys.length) {
    throw new AwsError(
      'InvalidInputException',
      `Partition of ${table.name}: expected ${keys.length} values, found ${input.Values.length}.`,
    )
  }
  return {
    values: input.Values,
    descriptor: input.StorageDescriptor ?? {},
    parameters: input.Parameters ?? {},
    createdAt: clock.now(),
    revision,
  }
}

function withPartition(table: CatalogTable, partition: CatalogPartition): CatalogTable {
  const partitions = new Map(table.partitions).set(partitionId(partition.values), partition)
  return { ...table, partitions }
}

/** Returns Glue's EntityNotFoundException for a partition that does not exist. */
export function noSuchPartition(table: string, values: readonly string[]): AwsError {
  return new AwsError(
    'EntityNotFoundException',
    `Cannot find partition ${values.join('/')} of table ${table}.`,
  )
}

/** Returns Glue's AlreadyExistsException for a partition that exists already. */
export function alreadyExists(table: string, values: readonly string[]): AwsError {
  return new AwsError(
    'AlreadyExistsException',
    `Partition ${values.join('/')} of table ${table} already exists.`,
  )
}

import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LocalAwsError } from '../errors.ts'

/** Shape that a stored JSON file must have, and the texts for the error about a file that does not have it. */
export interface DocumentKind {
  /** Description of the content, for the message: "expected `what`, found …". */
  readonly what: string
  /** Members that the top-level object must have; if empty, the document must be a list. */
  readonly members: readonly string[]
  /** Advice what to do about an unreadable file, as a sentence that ends the message. */
  readonly remedy: string
}

/**
 * Reads a JSON file and checks its shape; undefined if there is no file.
 *
 * @throws LocalAwsError CorruptState for a file that is empty, not JSON, or not of that kind
 */
export async function readJsonFile<T>(path: string, kind: DocumentKind): Promise<T | undefined> {
  try {
    return parseDocument<T>(path, await readFile(path, 'utf8'), kind)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Does the same as {@link readJsonFile}, synchronously, and throws the same. */
export function readJsonFileSync<T>(path: string, kind: DocumentKind): T | undefined {
  try {
    return parseDocument<T>(path, readFileSync(path, 'utf8'), kind)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parseDocument<T>(path: string, text: string, kind: DocumentKind): T {
  const refuse = (found: string, cause?: unknown) =>
    new LocalAwsError('CorruptState', `${path}: expected ${kind.what}, found ${found}. ${kind.remedy}`, {
      cause,
    })
  if (text.trim() === '') throw refuse('an empty file')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw refuse(`no JSON (${(error as Error).message})`, error)
  }
  const problem = problemOf(value, kind)
  if (problem !== undefined) throw refuse(problem)
  return value as T
}

function problemOf(value: unknown, { members }: DocumentKind): string | undefined {
  if (members.length === 0) return Array.isArray(value) ? undefined : 'no list'
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'no object'
  const missing = members.find((member) => !(member in value))
  return missing === undefined ? undefined : `an object without "${missing}"`
}

/**
 * Replaces a JSON file atomically: a reader, also after a crash halfway, sees either the old content or the new one.
 * Creates missing folders. If several writers do so at once, the last one wins.
 */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID()}.tmp`
  await writeFile(temporary, JSON.stringify(value))
  await rename(temporary, path)
}

/**
 * Does the same as {@link writeJsonFile}, synchronously. The caller must ensure that no other process writes the file
 * at the same time: the temporary file has a fixed name.
 */
export function writeJsonFileSync(path: string, value: unknown): void {
  const temporary = `${path}.tmp`
  const write = () => {
    writeFileSync(temporary, JSON.stringify(value))
  }
  try {
    write()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(dirname(path), { recursive: true })
    write()
  }
  renameSync(temporary, path)
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeManifest, type Manifest } from '../../core/manifest.ts'

const FOLDER = join(import.meta.dirname, '../fixtures/documents/0.1.0')

/** Reads a document as 0.1.0 stored it, by the name of its file. */
export const formerDocument = (name: string): Buffer => readFileSync(join(FOLDER, name))

/** Reads a manifest as 0.1.0 stored it; the other one has an open intent. */
export const formerManifest = (
  name: 'manifest.json.gz' | 'manifest-with-intent.json.gz' = 'manifest.json.gz',
): Manifest => decodeManifest(formerDocument(name), 'manifest')

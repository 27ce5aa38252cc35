import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import type { LanguageTable } from '../../../processing/fields/language-table.ts'

/** The modules of eld's data, which its package does not export. */
interface EldModules {
  readonly version: string
  readonly ngramsData: {
    readonly languages: Readonly<Record<string, string>>
    readonly ngrams: Readonly<Record<string, Readonly<Record<string, number>>>>
  }
  readonly dictionary: readonly string[]
  readonly separators: RegExp
}

/** Returns the table of the language detector, made from eld's smallest database. */
export async function packedTable(): Promise<LanguageTable> {
  const { version, ngramsData, dictionary, separators } = await eldModules()
  return {
    source: `Packed from eld ${version}, extrasmall; Copyright 2023 Nito T.M.; Apache-2.0; https://github.com/nitotm/efficient-language-detector-js`,
    languages: Object.values(ngramsData.languages),
    letterOfByte: dictionary.join(''),
    separators: separators.source,
    ngrams: brotliCompressSync(packed(ngramsData.ngrams)).toString('base64'),
  }
}

/** Packs n-grams in their order: each as the bytes that it shares with the one before, the others, and its scores. */
function packed(ngrams: EldModules['ngramsData']['ngrams']): Buffer {
  const bytes: number[] = []
  let before = Buffer.alloc(0)
  const keys = Object.keys(ngrams).map((key) => Buffer.from(key, 'latin1'))
  for (const key of keys.sort((left, right) => Buffer.compare(left, right))) {
    let shared = 0
    while (shared < key.length && key[shared] === before[shared]) shared++
    const scores = Object.entries(ngrams[key.toString('latin1')]!)
    if (key.length > 6 || (key.length === 6 && key[5] !== 32))
      throw new Error(`expected at most 6 letters, the last one a space; found ${key.toString('latin1')}`)
    bytes.push((shared << 4) | (key.length - shared), ...key.subarray(shared), scores.length)
    for (const [language, score] of scores) bytes.push(Number(language), score)
    before = key
  }
  return Buffer.from(bytes)
}

async function eldModules(): Promise<EldModules> {
  const entry = import.meta.resolve('eld/extrasmall')
  const modules = ['../ngrams/extrasmall.js', '../dictionary.js', '../regexPatterns.js']
  const loaded = await Promise.all(
    modules.map((name) => import(new URL(name, entry).href) as Promise<Partial<EldModules>>),
  )
  const description = readFileSync(fileURLToPath(new URL('../../package.json', entry)), 'utf8')
  return Object.assign({}, JSON.parse(description), ...loaded) as EldModules
}

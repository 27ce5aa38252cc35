import { readFileSync, statSync } from 'node:fs'
import { runInThisContext } from 'node:vm'
import type { Plugin } from 'esbuild'

/** Bytes from which a module of data is worth it. */
const LARGE = 256 * 1024
/** A module that begins by exporting an object literal, after comments. */
const DATA = /^\uFEFF?(?:\s|\/\*[^]*?\*\/|\/\/.*\n)*export const (\w+) ?= ?(?=\{)/

/**
 * Returns the esbuild plugin that makes large modules of packages that are nothing but one object of data, such as the
 * table of a language detector, texts for `JSON.parse`. As source code, V8 compiles such an object first and then runs
 * that: three times as long. https://v8.dev/blog/cost-of-javascript-2019#json
 */
export function parsedData(): Plugin {
  return {
    name: 'parsed-data',
    setup(build) {
      build.onLoad({ filter: /[\\/]node_modules[\\/].*\.m?js$/ }, ({ path }) => {
        if (statSync(path).size < LARGE) return undefined
        const source = readFileSync(path, 'utf8')
        const [head, name] = DATA.exec(source) ?? []
        const json = head && asJson(source.slice(head.length))
        return json ? { contents: `export const ${name} = JSON.parse(${quoted(json)})` } : undefined
      })
    },
  }
}

const TEXTS = /'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/g
/** Calls, templates, members, elements and comments. What is left of an object without them has the same value always. */
const CODE = /[(`]|\.\s*[A-Za-z_$]|[\w$\])}]\s*\[|\/[/*]/

/** Returns the JSON of an expression; undefined if it is no data, or has a value that JSON does not keep. */
function asJson(expression: string): string | undefined {
  if (CODE.test(expression.replace(TEXTS, ''))) return undefined
  try {
    const value: unknown = runInThisContext(`(${expression.replace(/;?\s*$/, '')}\n)`)
    return isJson(value) ? JSON.stringify(value) : undefined
  } catch {
    return undefined
  }
}

/** True for a value that is the same after it was written as JSON and read. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? isJsonArray(value) : isJsonObject(value)
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

/** Arrays with holes are none. */
const isJsonArray = (items: readonly unknown[]) =>
  items.every(isJson) && Object.keys(items).length === items.length

/** An object with a prototype of its own, which `__proto__` in a literal gives it, is none. */
function isJsonObject(object: object): boolean {
  return Object.getPrototypeOf(object) === Object.prototype && Object.values(object).every(isJson)
}

/** Spells a text as a literal in single quotes, in which JSON needs no escapes for its own. */
const quoted = (text: string) =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

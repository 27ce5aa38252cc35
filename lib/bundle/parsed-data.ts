import { readFileSync, statSync } from 'node:fs'
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

/** Texts in single or double quotes, names and numbers of members, commas before an end, and white space. */
const TOKENS =
  /'((?:[^'\\\n]|\\.)*)'|"(?:[^"\\\n]|\\.)*"|([A-Za-z_$][\w$]*)(?=\s*:)|(\d[\w.]*)(?=\s*:)|,(?=\s*[}\]])|\s+/g

/**
 * Spells an expression of JavaScript as JSON; undefined if it is no data or is spelled in a way that JSON does not know.
 * What is kept as it is has the same value in both, or is refused by JSON.
 */
function asJson(expression: string): string | undefined {
  // As a name, it sets the prototype in JavaScript alone.
  if (expression.includes('__proto__')) return undefined
  const json = expression
    .replace(/;?\s*$/, '')
    .replace(TOKENS, (token, text?: string, name?: string, number?: string) => {
      if (text !== undefined) return `"${text.replace(/\\'|"|\\./g, asInDoubleQuotes)}"`
      if (name !== undefined) return `"${name}"`
      // Another spelling of a number is the name of its usual one.
      if (number !== undefined) return String(Number(number)) === number ? `"${number}"` : number
      return token.startsWith('"') ? token : ''
    })
  try {
    JSON.parse(json)
    return json
  } catch {
    return undefined
  }
}

/** Spells a quote or an escape of a text in single quotes as it is in double ones. */
const asInDoubleQuotes = (found: string) => (found === `\\'` ? `'` : found === '"' ? '\\"' : found)

/** Spells a text as a literal in single quotes, in which JSON needs no escapes for its own. */
const quoted = (text: string) =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

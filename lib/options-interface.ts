import { OPTIONS } from './config.ts'
import { shownDefault } from './options-table.ts'

/** Options without a default for the construct: the published package has no datasets of its own. */
const REQUIRED = ['rawBucket', 'datasetsFile']

const HEAD = `import type { OptionValues } from './config.ts'

/**
 * The options of a deployment, as in the context of cdk.json. \`npm run docs\` makes this file from the table of options,
 * and a test compares them.
 */
export interface DayfoldOptions {`

/** Returns the source text of lib/dayfold-options.ts, made from the table of options. */
export function optionsInterface(): string {
  const members = OPTIONS.flatMap(({ name, meaning, allowed, default: value }) => {
    const isRequired = REQUIRED.includes(name)
    const type = `OptionValues['${name}']${isRequired ? '' : ' | undefined'}`
    return [
      `  /** ${meaning.replaceAll('*/', '*\\/')} Allowed: ${allowed}.${isRequired ? '' : ` @default ${shownDefault(value)}`} */`,
      `  readonly ${name}${isRequired ? '' : '?'}: ${type}`,
    ]
  })
  return [HEAD, ...members, '}', ''].join('\n')
}

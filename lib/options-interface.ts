import { OPTIONS } from './config.ts'
import { shownDefault } from './options-table.ts'

/** Options that a construct has to be given: a package has no datasets of its own. */
const REQUIRED = ['rawBucket', 'datasetsFile']

const HEAD = `import type { OptionValues } from './config.ts'

/**
 * The options of a deployment: those of the context in cdk.json. Made of the table of options by \`npm run docs\`, which a
 * test holds it to.
 */
export interface DayfoldOptions {`

/** The source of lib/dayfold-options.ts as the table of options gives it. */
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

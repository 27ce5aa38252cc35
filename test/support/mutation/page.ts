import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import type { Area } from './areas.ts'
import type { Tested } from './run-stryker.ts'
import { codeOf } from './sample.ts'

const PAGE = 'docs/mutation.md'
/** Stands for a reason until somebody has looked. */
const UNJUDGED = 'not looked at yet'

export interface Tally {
  readonly killed: number
  readonly timeout: number
  readonly survived: number
  readonly noCoverage: number
  /** Mutants under which tests could not be run. */
  readonly errors: number
  /** Killed and timed out among all, in percent. */
  readonly score: string
}

export function tallyOf(tested: readonly Tested[]): Tally {
  const count = (...statuses: readonly Tested['status'][]) =>
    tested.filter(({ status }) => statuses.includes(status)).length
  const [killed, timeout, survived, noCoverage] = (
    ['Killed', 'Timeout', 'Survived', 'NoCoverage'] as const
  ).map((status) => count(status)) as [number, number, number, number]
  const score = `${(((killed + timeout) / tested.length) * 100).toFixed(1)}%`
  return {
    killed,
    timeout,
    survived,
    noCoverage,
    errors: tested.length - killed - timeout - survived - noCoverage,
    score,
  }
}

export function isSurvivor({ status }: Tested): boolean {
  return status !== 'Killed' && status !== 'Timeout'
}

/** A survivor in a line: where it stands, and what becomes of which code. */
export function survivorLine({ mutant, status }: Tested, read: (path: string) => string): string {
  const { fileName, location, replacement } = mutant
  const became = `${shown(codeOf(read(fileName), mutant))} → ${shown(replacement)}`
  return `${fileName}:${location.start.line + 1} ${became}${status === 'NoCoverage' ? ' (no test reaches it)' : ''}`
}

const MAX_SHOWN = 70

function shown(code: string): string {
  const line = code.replace(/\s+/g, ' ')
  const short = line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line
  const fence = short.includes('`') ? '``' : '`'
  return `${fence}${short || ' '}${fence}`
}

/** Writes an area's row and survivors into docs/mutation.md. Reasons stay with the survivors that stood there. */
export async function writePage(
  root: string,
  area: Area,
  total: number,
  tested: readonly Tested[],
): Promise<void> {
  const path = join(root, PAGE)
  const page = readFileSync(path, 'utf8')
  const reasons = reasonsIn(page)
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  const lines = tested
    .filter(isSurvivor)
    .toSorted((a, b) => order(a).localeCompare(order(b), 'en', { numeric: true }))
    .map((one) => {
      const line = survivorLine(one, read)
      return `- ${line}: ${reasons.get(withoutLine(line)) ?? UNJUDGED}`
    })
  const { killed, timeout, survived, noCoverage, errors, score } = tallyOf(tested)
  const cells = [area, total, tested.length, killed, timeout, survived, noCoverage, errors, score]
  const text = page
    .replace(
      new RegExp(`^\\| ${area} .*\\|([^|]*)\\|$`, 'm'),
      (_, before: string) => `| ${cells.join(' | ')} |${before}|`,
    )
    .replace(new RegExp(`(^### ${area}\\n)[^]*?(?=^#|$(?![^]))`, 'm'), (_, head: string) =>
      [head, ...lines, ''].join('\n'),
    )
  writeFileSync(path, await format(text, { parser: 'markdown' }))
}

const order = ({ mutant: { fileName, location } }: Tested) => `${fileName}:${location.start.line}`

const withoutLine = (line: string) => line.replace(/:\d+ /, ' ')

/** Reasons by survivor, which lines of the page give behind the last colon and space. */
function reasonsIn(page: string): Map<string, string> {
  const found = page.matchAll(/^- (\S+:\d+ .*?`(?: \(no test reaches it\))?): ([^`\n]*)$/gm)
  return new Map([...found].map(([, line, reason]) => [withoutLine(line!), reason!]))
}

import type { Diagnosis, Verdict } from '../../client/doctor/diagnosis.ts'
import type { Grants } from '../../client/doctor/grants.ts'
import { colors } from './colors.ts'
import { counted } from '../../core/format.ts'

const LOOKS: Readonly<Record<Verdict, (text: string) => string>> = {
  ok: colors.green,
  warning: colors.yellow,
  fault: colors.red,
}

/**
 * Renders the results of `doctor`: one line per passed check; for others, what was expected, what was found and what to
 * do. The last line counts the problems.
 */
export function renderDiagnoses(diagnoses: readonly Diagnosis[]): string {
  const width = Math.max(...diagnoses.map(({ check }) => check.length))
  const lines = diagnoses.flatMap(({ check, verdict, found, expected, remedy }) => [
    `${LOOKS[verdict](verdict.padEnd(7))} ${check.padEnd(width)} ${expected === undefined ? found : `expected ${expected}; found ${found}`}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(width + 8)} ${remedy}`]),
  ])
  const number = (verdict: Verdict) => diagnoses.filter((each) => each.verdict === verdict).length
  return [...lines, `${counted(number('fault'), 'fault')}, ${counted(number('warning'), 'warning')}.`].join(
    '\n',
  )
}

/** Renders the policy statements that the owner of the raw bucket must add, as JSON with explanations. */
export function renderGrants({ bucketPolicy, keyPolicy, placeholders }: Grants): string {
  const text = (title: string, statements: readonly object[]) =>
    `${title}\n${JSON.stringify(statements, null, 2)}`
  return [
    text('Where the raw bucket is of another account, that adds to the policy of the bucket:', bucketPolicy),
    ...(keyPolicy ? [text('And to the policy of its key:', keyPolicy)] : []),
    ...(placeholders.length > 0
      ? [`Replace ${placeholders.join(' and ')} by what is deployed to. The roles need not be there yet.`]
      : []),
  ].join('\n')
}

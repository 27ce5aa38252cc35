/** Program of `npm run types`: checks what `tsc -p .` checks, and prints errors as `try` does. */
import { relative } from 'node:path'
import ts from 'typescript'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { explain } from './explain.ts'
import { projectOptions } from './project-options.ts'

const { options, fileNames, errors } = projectOptions()
const program = ts.createIncrementalProgram({ rootNames: fileNames, options })
const found = [
  ...errors,
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...program.getSyntacticDiagnostics(),
  ...program.getSemanticDiagnostics(),
]
// Emits only the information that makes the next check faster.
program.emit()
const nameOf = (path: string) => relative(PROJECT_ROOT, path)
const problems = found.length === 0 ? [] : explain(program.getProgram().getTypeChecker(), found, nameOf)
for (const { file, line, column, message } of problems)
  process.stdout.write(`${file}:${line}:${column}: ${message.replaceAll('\n', '\n  ')}\n`)
if (problems.length > 0) process.exitCode = 1

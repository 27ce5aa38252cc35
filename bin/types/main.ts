/**
 * Program of `npm run types`: checks what `tsc -p .` checks, or with `-- REGISTRY` all datasets of that module, and
 * prints errors as `try` does.
 */
import { relative } from 'node:path'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { registryFile } from '../../lib/bundle/registry.ts'
import { compiler } from './compiler.ts'
import { checkDatasets } from './check-datasets.ts'
import { explain } from './explain.ts'
import { projectOptions } from './project-options.ts'
import type { TypeProblem } from './type-problem.ts'

const [registry] = process.argv.slice(2)
const problems = registry === undefined ? projectProblems() : checkDatasets(registryFile(registry))
for (const { file, line, column, message } of problems)
  process.stdout.write(`${file}:${line}:${column}: ${message.replaceAll('\n', '\n  ')}\n`)
if (problems.length > 0) process.exitCode = 1

function projectProblems(): TypeProblem[] {
  const { options, fileNames, errors } = projectOptions()
  const program = compiler.createIncrementalProgram({ rootNames: fileNames, options })
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
  return found.length === 0 ? [] : explain(program.getProgram().getTypeChecker(), found, nameOf)
}

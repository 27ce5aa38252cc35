import { dirname } from 'node:path'
import type ts from 'typescript'
import { compiler } from '../../bin/types/compiler.ts'
import { projectOptions } from '../../bin/types/project-options.ts'

/** Parsed files of packages, which are parsed once for all checks of a process. */
const ofPackages = new Map<string, ts.SourceFile | undefined>()

/**
 * Returns the compiler's messages for files under the project's own settings, by file, with line breaks kept.
 *
 * @param sources texts of files that need not exist, by path; others are read from disk
 */
export function typeErrors(
  files: readonly string[],
  sources: Readonly<Record<string, string>> = {},
): Record<string, string[]> {
  const { options } = projectOptions()
  const host = compiler.createCompilerHost(options)
  const program = compiler.createProgram([...files], options, {
    ...host,
    fileExists: (path) => path in sources || host.fileExists(path),
    readFile: (path) => sources[path] ?? host.readFile(path),
    getSourceFile: (path, ...rest) => {
      if (path in sources)
        return compiler.createSourceFile(path, sources[path]!, compiler.ScriptTarget.ES2023)
      const parsed = ofPackages.get(path) ?? host.getSourceFile(path, ...rest)
      if (path.includes('/node_modules/')) ofPackages.set(path, parsed)
      return parsed
    },
    directoryExists: (path) =>
      Object.keys(sources).some((source) => dirname(source) === path) || compiler.sys.directoryExists(path),
  })
  return Object.fromEntries(files.map((file) => [file, messagesOf(program, file)]))
}

function messagesOf(program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file)
  if (!source) throw new Error(`${file}: expected a file, found none.`)
  return compiler
    .getPreEmitDiagnostics(program, source)
    .map(({ messageText }) => compiler.flattenDiagnosticMessageText(messageText, '\n'))
}

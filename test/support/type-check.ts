import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Returns the compiler's messages for files under the project's own settings, by file, with line breaks kept.
 *
 * @param sources texts of files that need not exist, by path; others are read from disk
 */
export function typeErrors(
  files: readonly string[],
  sources: Readonly<Record<string, string>> = {},
): Record<string, string[]> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown
  }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const host = ts.createCompilerHost(options)
  const program = ts.createProgram([...files], options, {
    ...host,
    fileExists: (path) => path in sources || host.fileExists(path),
    readFile: (path) => sources[path] ?? host.readFile(path),
    getSourceFile: (path, ...rest) =>
      path in sources
        ? ts.createSourceFile(path, sources[path]!, ts.ScriptTarget.ES2023)
        : host.getSourceFile(path, ...rest),
    directoryExists: (path) =>
      Object.keys(sources).some((source) => dirname(source) === path) || ts.sys.directoryExists(path),
  })
  return Object.fromEntries(files.map((file) => [file, messagesOf(program, file)]))
}

function messagesOf(program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file)
  if (!source) throw new Error(`${file}: expected a file, found none.`)
  return ts
    .getPreEmitDiagnostics(program, source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

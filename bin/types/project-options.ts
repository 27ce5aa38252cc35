import { join } from 'node:path'
import type ts from 'typescript'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { compiler } from './compiler.ts'

/** Reads the compiler options and the list of files of the project's tsconfig.json. */
export function projectOptions(): ts.ParsedCommandLine {
  const read = compiler.readConfigFile(join(PROJECT_ROOT, 'tsconfig.json'), (path) =>
    compiler.sys.readFile(path),
  )
  return compiler.parseJsonConfigFileContent(read.config, compiler.sys, PROJECT_ROOT)
}

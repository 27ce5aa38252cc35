import { join } from 'node:path'
import ts from 'typescript'
import { PROJECT_ROOT } from '../../lib/bundle/options.ts'

/** Reads the compiler options and the list of files of the project's tsconfig.json. */
export function projectOptions(): ts.ParsedCommandLine {
  const read = ts.readConfigFile(join(PROJECT_ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path))
  return ts.parseJsonConfigFileContent(read.config, ts.sys, PROJECT_ROOT)
}

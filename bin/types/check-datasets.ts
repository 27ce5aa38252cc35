import { dirname, join } from 'node:path'
import type ts from 'typescript'
import { DATASET_API, PROJECT_ROOT } from '../../lib/bundle/options.ts'
import { sourceName } from '../../lib/bundle/readable-maps.ts'
import { ENGINE_SOURCES } from '../../processing/records/places.ts'
import { compiler } from './compiler.ts'
import { definesDataset, explain } from './explain.ts'
import { projectOptions } from './project-options.ts'
import type { TypeProblem } from './type-problem.ts'

/**
 * Lists the type errors of the module that defines a dataset and of the modules that it imports, without packages and
 * Dayfold itself. Uses the project's compiler options wherever the module lies, and finds modules as the bundler does.
 * File names in the result are relative to the registry's folder.
 *
 * @param dataset name of the dataset; all datasets of the registry if absent
 */
export function checkDatasets(registry: string, dataset?: string): TypeProblem[] {
  const home = dirname(registry)
  const program = compiler.createProgram([registry], options(), host())
  // The checker must be created first: it sets the parents of nodes.
  const checker = program.getTypeChecker()
  const own = program.getSourceFiles().filter((file) => isOwn(file, home))
  const defining = dataset === undefined ? [] : own.filter((file) => definesDataset(file, dataset))
  const files = defining.length > 0 ? closure(checker, defining, home) : own
  const diagnostics = files.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ])
  return explain(checker, diagnostics, (path) => sourceName(path, home) ?? path)
}

/**
 * A module outside the project has no package.json that states its format. Like the bundler, treat all as ES modules.
 * What is unused is a matter of the style of a module, not of its types.
 */
function options(): ts.CompilerOptions {
  const { incremental, tsBuildInfoFile, rootDir, ...project } = projectOptions().options
  void [incremental, tsBuildInfoFile, rootDir]
  return {
    ...project,
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    moduleDetection: compiler.ModuleDetectionKind.Force,
    resolveJsonModule: true,
    ...{ noUnusedLocals: false, noUnusedParameters: false, allowUnusedLabels: true },
    typeRoots: [join(PROJECT_ROOT, 'node_modules/@types')],
    paths: { dayfold: [DATASET_API] },
  }
}

/** Packages are found from the module's own folder first, then from the project's. */
function host(): ts.CompilerHost {
  const own = compiler.createCompilerHost(options())
  return {
    ...own,
    resolveModuleNameLiterals: (literals, containing, _, compilerOptions) =>
      literals.map(({ text }) => {
        const found = compiler.resolveModuleName(text, containing, compilerOptions, own)
        if (found.resolvedModule || text.startsWith('.')) return found
        return compiler.resolveModuleName(text, join(PROJECT_ROOT, 'index.ts'), compilerOptions, own)
      }),
  }
}

function isOwn({ fileName, isDeclarationFile }: ts.SourceFile, home: string): boolean {
  const name = isDeclarationFile ? undefined : sourceName(fileName, home)
  return name !== undefined && !name.startsWith(ENGINE_SOURCES)
}

/** Returns the files with all files of our own that they import. */
function closure(checker: ts.TypeChecker, files: readonly ts.SourceFile[], home: string): ts.SourceFile[] {
  const found = new Set(files)
  for (const file of found) {
    for (const statement of file.statements) {
      if (!compiler.isImportDeclaration(statement) && !compiler.isExportDeclaration(statement)) continue
      const { moduleSpecifier } = statement
      const imported = moduleSpecifier && checker.getSymbolAtLocation(moduleSpecifier)?.valueDeclaration
      if (imported && compiler.isSourceFile(imported) && isOwn(imported, home)) found.add(imported)
    }
  }
  return [...found]
}

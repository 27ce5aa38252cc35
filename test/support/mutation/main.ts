/**
 * Plants faults in the sources and tells which of them no test in one process notices: `npm run mutate` in all areas,
 * `npm run mutate -- lambda parquet` in some, `npm run mutate -- --files core/redo.ts` in some files, all mutants of them.
 * Results of areas go to docs/mutation.md. With `--force` nothing is taken from earlier runs; with `--list` the survivors
 * are printed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Argument, Command } from 'commander'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'
import placeTemporaryFolders from '../temporary-folders.ts'
import { AREA_NAMES, AREAS, SAMPLE, type Area } from './areas.ts'
import { isSurvivor, survivorLine, tallyOf, writePage } from './page.ts'
import { runStryker, type Tested } from './run-stryker.ts'
import { draw, listMutants } from './sample.ts'

interface Flags {
  readonly files: boolean
  readonly force: boolean
  readonly list: boolean
}

/** AssemblyScript: what the tests run was compiled from it before. */
const COMPILED_APART = /(^|\/)assembly\//

const program = new Command('mutate')
  .description('Plants faults in the sources, and tells which of them no test in one process notices.')
  .addArgument(new Argument('[areas...]', `areas among ${AREA_NAMES.join(', ')} (default: all)`))
  .option('--files', 'the arguments are source files: all faults of them', false)
  .option('--force', 'take nothing from earlier runs', false)
  .option('--list', 'print the survivors', false)
  .showHelpAfterError()
  .parse()
const values = program.opts<Flags>()
const positionals = program.args
const root = PROJECT_ROOT
const say = (line: string) => void process.stdout.write(`${line}\n`)
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const removeFolders = placeTemporaryFolders()
process.once('exit', removeFolders)
if (values.files) await mutateFiles(positionals)
else for (const name of positionals.length > 0 ? positionals : AREA_NAMES) await mutateArea(areaOf(name))

async function mutateFiles(paths: readonly string[]): Promise<void> {
  const mutants = await listMutants(root, paths)
  tell(await runStryker({ root, name: 'files', mutants, force: values.force }), true)
}

async function mutateArea(area: Area): Promise<void> {
  const all = await listMutants(root, sourcesIn(AREAS[area]))
  const mutants = draw(root, all, SAMPLE)
  const tested = await runStryker({ root, name: area, mutants, force: values.force })
  tell(tested, values.list)
  await writePage(root, area, all.length, tested)
}

function tell(tested: readonly Tested[], isListed: boolean): void {
  if (isListed) for (const one of tested.filter(isSurvivor)) say(survivorLine(one, read))
  const { killed, timeout, survived, noCoverage, errors, score } = tallyOf(tested)
  say(
    `${tested.length} mutants: ${killed} killed, ${timeout} timed out, ${survived} survived, ${noCoverage} without coverage, ${errors} errors: ${score}`,
  )
}

function areaOf(name: string): Area {
  if (Object.hasOwn(AREAS, name)) return name as Area
  return program.error(`Area: expected one of ${AREA_NAMES.join(', ')}, found ${name}.`)
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !COMPILED_APART.test(path))
    .map((path) => `${folder}/${path}`)
    .sort()
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { RUNNABLE_OPTIONS } from '../../../lib/bundle/options.ts'
import { BUNDLES, PROGRAMS, PROJECT } from './programs.ts'

/** Bundles the programs that tests start. Returns a function that removes them. */
export default async function bundlePrograms(): Promise<() => void> {
  // Below the project, where packages that are not bundled are found.
  mkdirSync(join(PROJECT, 'build'), { recursive: true })
  const folder = mkdtempSync(join(PROJECT, 'build/test-programs-'))
  await build({
    ...RUNNABLE_OPTIONS,
    entryPoints: PROGRAMS.map((name) => join(PROJECT, `${name}.ts`)),
    outbase: PROJECT,
    outdir: folder,
    splitting: true,
    external: ['@duckdb/node-api', 'esbuild', 'snappy', 'typescript'],
    define: { 'import.meta.url': PLACE_URL, 'import.meta.dirname': PLACE_FOLDER },
    plugins: [sourcePlaces],
  })
  process.env[BUNDLES] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}

const PLACE_URL = '__sourceUrl'
const PLACE_FOLDER = '__sourceFolder'

/** Makes each module of the project find files beside its source. */
const sourcePlaces: Plugin = {
  name: 'source-places',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) return undefined
      const [url, place] = [pathToFileURL(path).href, dirname(path)].map((text) => JSON.stringify(text))
      const places = `const ${PLACE_URL} = ${url}, ${PLACE_FOLDER} = ${place};`
      return { contents: `${places}${readFileSync(path, 'utf8')}`, loader: 'ts' }
    })
  },
}

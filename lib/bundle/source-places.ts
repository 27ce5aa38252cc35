import { readFileSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildOptions, Plugin } from 'esbuild'

const URL_NAME = '__sourceUrl'
const FOLDER_NAME = '__sourceFolder'

/** Makes each module outside of packages find files beside its source. */
const sourcePlaces: Plugin = {
  name: 'source-places',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) return undefined
      const [url, folder] = [pathToFileURL(path).href, dirname(path)].map((text) => JSON.stringify(text))
      const places = `const ${URL_NAME} = ${url}, ${FOLDER_NAME} = ${folder};`
      return { contents: `${places}${readFileSync(path, 'utf8')}`, loader: 'ts' }
    })
  },
}

/**
 * Options of esbuild for a bundle that runs on this machine in place of its sources: `import.meta.url` and
 * `import.meta.dirname` stay those of each source.
 */
export const IN_PLACE_OPTIONS = {
  define: { 'import.meta.url': URL_NAME, 'import.meta.dirname': FOLDER_NAME },
  plugins: [sourcePlaces],
} as const satisfies BuildOptions

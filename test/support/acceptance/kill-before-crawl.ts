/** Runs an execution and dies without a word right before the crawl: `HOME RAW REGISTRY FROM TO`. */
import { fileURLToPath } from 'node:url'
import { startExecution } from '../../../client/executions.ts'
import { deployLocally } from '../../../local/deploy.ts'

const [home, raw, registry, from, to] = process.argv.slice(2) as [string, string, string, string, string]

const aws = await deployLocally({
  projectRoot: fileURLToPath(new URL('../../..', import.meta.url)),
  home,
  registry,
  mounts: () => [{ prefix: 'readings', dir: `${raw}/readings` }],
  mode: 'run',
  wrapResource: (_, resource) => (call) => {
    if (JSON.stringify(call.arguments).includes('-crawl')) process.kill(process.pid, 'SIGKILL')
    return resource(call)
  },
})
await startExecution(aws.target, { from, to, datasets: ['readings'] }, new Date())

import { synthesizeLocally } from '../../../local/deploy.ts'
import bundlePrograms from '../programs/bundle-programs.ts'
import { PROJECT } from '../programs/programs.ts'
import { TEST_REGISTRY } from './places.ts'

/**
 * Bundles the programs that tests start, and synthesizes the template that most of them deploy, so that no two tests
 * do so at the same time. Returns a function that removes the programs.
 */
export default async function prepare(): Promise<() => void> {
  const [removePrograms] = await Promise.all([
    bundlePrograms(),
    synthesizeLocally({ projectRoot: PROJECT, registry: TEST_REGISTRY }),
  ])
  return removePrograms
}

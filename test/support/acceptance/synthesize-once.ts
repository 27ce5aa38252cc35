import { synthesizeLocally } from '../../../local/deploy.ts'
import { PROJECT } from '../programs/programs.ts'
import { TEST_REGISTRY } from './places.ts'

/** Synthesizes the template that most tests deploy, so that no two tests do so at the same time. */
export default async function synthesizeOnce(): Promise<void> {
  await synthesizeLocally({ projectRoot: PROJECT, registry: TEST_REGISTRY })
}

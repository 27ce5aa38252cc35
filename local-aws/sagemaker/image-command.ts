import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocalAwsError } from '../errors.ts'
import type { Program } from './runner.ts'

/**
 * Returns the command that runs an image's program without building the image. It is the exec-form ENTRYPOINT of the
 * Dockerfile, with this machine's Node, and with the build folder in place of the last WORKDIR.
 *
 * @param directory the image's build folder
 *
 * @throws LocalAwsError InvalidConfiguration if the Dockerfile has no exec-form ENTRYPOINT that starts node
 */
export function imageProgram(directory: string): Program {
  const dockerfile = readFileSync(join(directory, 'Dockerfile'), 'utf8')
  const entrypoints = [...dockerfile.matchAll(/^ENTRYPOINT\s+(\[.*\])\s*$/gm)]
  const [program, ...rest] = JSON.parse(entrypoints.at(-1)?.[1] ?? '[]') as string[]
  if (program !== 'node') {
    throw new LocalAwsError(
      'InvalidConfiguration',
      `${directory}/Dockerfile: expected ENTRYPOINT ["node", …], found ${entrypoints.at(-1)?.[0] ?? 'none'}.`,
    )
  }
  const workdir = [...dockerfile.matchAll(/^WORKDIR\s+(\S+)\s*$/gm)].at(-1)?.[1]
  const here = (argument: string) =>
    workdir !== undefined && argument.startsWith(`${workdir}/`)
      ? join(directory, argument.slice(workdir.length + 1))
      : argument
  return { command: [process.execPath, ...rest.map(here)], directory }
}

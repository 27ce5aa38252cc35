import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { fault, ok, reasonOf, warning, type Check } from '../../client/doctor/diagnosis.ts'
import { bytes } from '../../core/format.ts'

/** Facts about this machine and actions on it, as the checks of the local target need them. */
export interface Machine {
  /** Version of Node.js, without a leading v. */
  readonly node: string
  /** Folder that holds all state of the local target. */
  readonly home: string
  /** Returns the free bytes of the file system that holds an existing folder. */
  readonly freeBytes: (folder: string) => Promise<number>
  /** Opens a port on the loopback interface and closes it again. Rejects if that is not possible. */
  readonly listen: () => Promise<void>
  /** Loads the package that has native code for this machine. Rejects if it is not installed. */
  readonly loadDuckdb: () => Promise<unknown>
  /** Runs a command and returns its stdout. Rejects if the command fails or takes more than 20 seconds. */
  readonly output: (command: string, args: readonly string[]) => Promise<string>
}

/**
 * Returns the real facts and actions of the machine on which this process runs.
 *
 * @param home folder of the local target's state
 */
export function thisMachine(home: string): Machine {
  return {
    node: process.versions.node,
    home: resolve(home),
    async freeBytes(folder) {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
    listen: () =>
      new Promise((done, fail) => {
        const server = createServer().once('error', fail)
        server.listen(0, '127.0.0.1', () => server.close(() => done()))
      }),
    loadDuckdb: () => import('@duckdb/node-api'),
    output: async (command, args) =>
      (await promisify(execFile)(command, [...args], { timeout: 20_000 })).stdout,
  }
}

/** Least version of Node.js, as in package.json under `engines`. */
const LEAST_NODE = [20, 19] as const

const node: Check<Machine> = {
  name: 'node',
  run(machine) {
    const [major = 0, minor = 0] = machine.node.split('.').map(Number)
    const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
    const expected = `Node.js ${LEAST_NODE.join('.')} or newer`
    return Promise.resolve([
      isEnough
        ? ok(machine.node)
        : fault(expected, machine.node, 'Install a newer Node.js, then run npm ci again.'),
    ])
  },
}

const packages: Check<Machine> = {
  name: 'packages',
  async run({ loadDuckdb }) {
    try {
      await loadDuckdb()
      return [ok('those of this system are installed')]
    } catch (error) {
      return [fault('the packages of package-lock.json for this system', reasonOf(error), 'Run: npm ci')]
    }
  },
}

const home: Check<Machine> = {
  name: 'home',
  run(machine) {
    const folder = existing(machine.home)
    const remedy = 'Name another folder with --home, or change its permissions.'
    const refused = (found: string) =>
      Promise.resolve([fault(`${machine.home} to be written to`, found, remedy)])
    if (!statSync(folder).isDirectory()) return refused(`${folder} is a file`)
    try {
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
      return Promise.resolve([ok(machine.home)])
    } catch (error) {
      return refused(reasonOf(error))
    }
  },
}

/** Free space without a warning. The sample days take some 20 MB, a day of millions of records a few GB. */
const ENOUGH_BYTES = 5e9
const LEAST_BYTES = 200e6

const disk: Check<Machine> = {
  name: 'disk',
  async run({ home, freeBytes }) {
    const free = await freeBytes(existing(home))
    const found = `${bytes(free)} free`
    if (free >= ENOUGH_BYTES) return [ok(found)]
    const remedy = 'Make room, or name a folder of another disk with --home.'
    if (free >= LEAST_BYTES)
      return [warning(`${bytes(ENOUGH_BYTES)} free for days of full size`, found, remedy)]
    return [fault(`${bytes(LEAST_BYTES)} free for the sample days`, found, remedy)]
  },
}

const ports: Check<Machine> = {
  name: 'ports',
  async run({ listen }) {
    try {
      await listen()
      return [ok('127.0.0.1 can be listened on')]
    } catch (error) {
      const remedy = 'Let this user open ports on the loopback interface: see the sandbox or firewall.'
      return [fault('a port on 127.0.0.1', reasonOf(error), remedy)]
    }
  },
}

/** Checks that the local target can run on this machine, in the order in which they are shown. */
export const LOCAL_CHECKS: readonly Check<Machine>[] = [node, packages, home, disk, ports]

/**
 * Returns the check that Docker is running, which builds the image for a deployment. CDK runs the program that
 * CDK_DOCKER names instead.
 * https://docs.aws.amazon.com/cdk/v2/guide/build-containers.html
 *
 * @param imageUri image that is used instead of building one; undefined for none
 * @param program value of CDK_DOCKER
 */
export const docker = (imageUri: string | undefined, program = 'docker'): Check<Machine> => ({
  name: 'docker',
  async run({ output }) {
    if (imageUri !== undefined) return [ok(`not needed: the image is ${imageUri}`)]
    try {
      return [ok(`version ${(await output(program, ['info', '--format', '{{.ServerVersion}}'])).trim()}`)]
    } catch (error) {
      const remedy = `Install and start Docker (or set CDK_DOCKER=podman or the like), or set imageUri in cdk.json to an image that is there.`
      return [fault(`${program} that answers`, reasonOf(error), remedy)]
    }
  },
})

/** Returns the path, or its nearest parent that exists. */
function existing(path: string): string {
  return existsSync(path) ? path : existing(dirname(path))
}

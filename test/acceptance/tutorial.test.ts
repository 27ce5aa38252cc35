import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/acceptance/places.ts'
import { stepsOf, type Step } from '../support/docs/tutorial-steps.ts'
import { programOf, PROJECT } from '../support/programs/programs.ts'

const PAGE = join(PROJECT, 'docs/tutorial.md')
/** The project's folder in the output that the page shows. */
const PRINTED_FOLDER = '/home/you/dayfold'

const folder = temporaryFolder()
for (const name of ['core', 'node_modules', 'processing'])
  symlinkSync(join(PROJECT, name), join(folder, name))
// Copied, not linked: a program that is found through a link does not recognise itself as the one that was started.
cpSync(join(PROJECT, 'samples'), join(folder, 'samples'), { recursive: true })

/** Programs to start in the place of npm and npx, which take a second each. */
const { file, execArgv } = programOf('bin/dayfold')
const STARTED = new Map([
  ['npm run -s dayfold --', [process.execPath, ...execArgv, file]],
  ['npx tsx', [process.execPath, '--import', 'tsx']],
  ['node', [process.execPath]],
])

function shellLine(command: string): string {
  for (const [printed, started] of STARTED) {
    if (command.startsWith(`${printed} `))
      return started.map((word) => `'${word}'`).join(' ') + command.slice(printed.length)
  }
  return command
}

function run(command: string): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', shellLine(command)], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

/** Replaces the parts of an output that differ from run to run, and the widths that depend on them. */
function settled(output: string): string {
  return output
    .replaceAll(folder, PRINTED_FOLDER)
    .replaceAll(/\b\d{4}-\d\d-\d\d \d\d:\d\d\b/g, 'TIME')
    .replaceAll(/\b[\d.,]+ (?:ms|s|min)\b/g, 'DURATION')
    .replaceAll(/\b[\d,]+ a second\b/g, 'SPEED')
    .replaceAll(/\b[\d.,]+ (?:B|KB|MB)(?!\w)/g, 'SIZE')
    .replaceAll(/\b[0-9a-f]{16}\b/g, 'HASH')
    .replaceAll(/\brun-\d{8}T\d{6}-[0-9a-f]{6}\b/g, 'RUN')
    .replaceAll(/ {2,}/g, '  ')
    .trim()
}

async function follow(step: Step): Promise<void> {
  if (step.does === 'run') {
    const { code, stdout, stderr } = await run(step.command)
    expect(settled(stdout), stderr).toBe(settled(step.output))
    return expect(code).toBe(step.code)
  }
  const path = join(folder, step.file)
  mkdirSync(dirname(path), { recursive: true })
  if (step.does === 'write') return writeFileSync(path, step.text)
  const text = readFileSync(path, 'utf8')
  expect(text.split(step.before)).toHaveLength(2)
  writeFileSync(
    path,
    text.replace(step.before, () => step.after),
  )
}

const steps = stepsOf(readFileSync(PAGE, 'utf8'))

test.each(
  steps.map((step, index) => [index + 1, step.does === 'run' ? step.command : step.file, step] as const),
)('step %i: %s', (_, __, step) => follow(step))

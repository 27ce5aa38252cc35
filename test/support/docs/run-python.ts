import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startExecution } from '../../../client/executions.ts'
import { followExecution } from '../../../client/follow.ts'
import { PROJECT_ROOT } from '../../../lib/bundle/options.ts'
import { deployLocally } from '../../../local/deploy.ts'

/**
 * Runs the examples of docs/python.md with the Python that `PYTHON` names (default: python3), in a home with the sample
 * days, one of which was rebuilt and is away from home.
 */
const PYTHON = process.env['PYTHON'] ?? 'python3'
const PACKAGES = ['pandas', 'pyarrow', 'polars', 'sklearn']
const BLOCK = /(<!-- not run -->\n\n)?```python\n([^]*?)```/g

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status === 0) return stdout
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? ''}\n${stdout}\n${stderr}`)
}

function hasPackages(): boolean {
  return spawnSync(PYTHON, ['-c', `import ${PACKAGES.join(', ')}`]).status === 0
}

const DAYS = { from: '2024-05-06', to: '2024-05-08' }
const REBUILT = { from: '2024-05-07', to: '2024-05-07', datasets: ['jobs'], mode: 'rebuild' } as const

/**
 * Runs the sample days and rebuilds one, which then is away from home. The grace for queries is an hour, so that the
 * earlier files stay.
 */
async function runSamples(home: string): Promise<void> {
  const mounts = ['clicks', 'impressions', 'jobs'].map((prefix) => ({
    prefix,
    dir: join(PROJECT_ROOT, 'samples/raw', prefix),
  }))
  const aws = await deployLocally({
    projectRoot: PROJECT_ROOT,
    home,
    mode: 'run',
    mounts: () => mounts,
    queryGraceSeconds: 3600,
  })
  try {
    for (const request of [DAYS, REBUILT]) {
      const execution = await startExecution(aws.target, request, new Date())
      let status: string | undefined
      for await (const snapshot of followExecution(aws.target, execution, { pollSeconds: 0.1 }))
        status = snapshot.status
      if (status !== 'SUCCEEDED') throw new Error(`Sample days: expected SUCCEEDED, found ${status}.`)
    }
  } finally {
    await aws.close()
  }
}

async function runPage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-python-'))
  const home = join(folder, '.dayfold')
  try {
    await runSamples(home)
    const load = ['--sql-file', 'docs/training-set.sql', '--from', DAYS.from, '--to', DAYS.to, '--home', home]
    const out = join(folder, 'training.parquet')
    run('npm', ['run', '-s', 'dayfold', '--', 'load', ...load, '--out', out], PROJECT_ROOT)
    // Makes `npm run` of the page work as in the project.
    for (const name of readdirSync(PROJECT_ROOT)) {
      if (name !== '.dayfold') symlinkSync(join(PROJECT_ROOT, name), join(folder, name))
    }
    const page = readFileSync(join(PROJECT_ROOT, 'docs/python.md'), 'utf8')
    const blocks = [...page.matchAll(BLOCK)].flatMap(([, skipped, code]) =>
      skipped === undefined ? [code!] : [],
    )
    writeFileSync(join(folder, 'page.py'), `${blocks.join('\n')}\n${AWAY}`)
    process.stdout.write(run(PYTHON, ['page.py'], folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Checks the subject of the page: the rebuilt day is read from its present place. */
const AWAY = `assert 'replacements' in folders['2024-05-07'] and 'processed' in folders['2024-05-06'], folders`

if (hasPackages()) await runPage()
else process.stdout.write(`Not run: ${PYTHON} with ${PACKAGES.join(', ')} is needed. PYTHON names another.\n`)

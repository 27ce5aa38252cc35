import { Option, type Command } from 'commander'
import type { Diagnosis } from '../../client/doctor/diagnosis.ts'
import type { Grants } from '../../client/doctor/grants.ts'
import { DayfoldError } from '../../core/errors.ts'
import { DEFAULT_HOME, keyValue, usage, type CommonFlags } from '../options.ts'
import { printJson, printLine } from '../output.ts'
import { renderDiagnoses, renderGrants } from '../view/diagnoses.ts'

type DoctorFlags = Pick<CommonFlags, 'target' | 'stack' | 'region' | 'home' | 'context' | 'json'>

interface Report {
  readonly diagnoses: readonly Diagnosis[]
  readonly grants?: Grants
}

/**
 * Adds the command `doctor`, which finds obstacles to a first run on this machine or a first deployment to an account.
 */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'look for what a first run here, or a first deployment, would run into; exit code 1 on a fault',
    )
    .addOption(new Option('--target <target>', 'where to look').choices(['local', 'aws']).default('local'))
    .option(
      '--stack <name>',
      'aws: name of the deployment (default: that of cdk.json); it need not be there yet',
    )
    .option('--region <region>', 'aws: region to deploy to (default: that of the environment or profile)')
    .option('--home <dir>', 'local: folder that is to hold all state', DEFAULT_HOME)
    .option('--context <key=value>', 'configuration above that of cdk.json; repeatable', keyValue, {})
    .option('--json', 'print one JSON document on stdout instead', false)
    .option('--debug', 'print the stack of an error', false)
  command.action(async (flags: DoctorFlags) => {
    usage(command, () => checkFlags(flags))
    const report = await (flags.target === 'aws' ? examineAws(flags) : examineMachine(flags))
    if (flags.json) printJson(report)
    else {
      printLine(renderDiagnoses(report.diagnoses))
      if (report.grants) printLine(renderGrants(report.grants))
    }
    if (report.diagnoses.some(({ verdict }) => verdict === 'fault')) process.exitCode = 1
  })
}

function checkFlags({ target, stack, region }: DoctorFlags): void {
  const found = stack === undefined ? (region === undefined ? undefined : 'region') : 'stack'
  if (target === 'aws' || found === undefined) return
  throw new DayfoldError('InvalidInput', `--${found}: expected --target aws with it, found local.`)
}

// Imported here, because --help does not need it.
async function examineMachine({ home }: DoctorFlags): Promise<Report> {
  const { LOCAL_CHECKS, thisMachine } = await import('../doctor/this-machine.ts')
  const { diagnose } = await import('../../client/doctor/diagnosis.ts')
  return { diagnoses: await diagnose(LOCAL_CHECKS, thisMachine(home)) }
}

async function examineAws({ home, stack, region, context }: DoctorFlags): Promise<Report> {
  const [{ docker, thisMachine }, { diagnose, fault }, { readPlan }, { doctorClients, examineAccount }] =
    await Promise.all([
      import('../doctor/this-machine.ts'),
      import('../../client/doctor/diagnosis.ts'),
      import('../doctor/read-plan.ts'),
      import('../../client/doctor/aws-doctor.ts'),
    ])
  try {
    const plan = await readPlan({ ...context, ...(stack !== undefined && { name: stack }) })
    const machine = await diagnose([docker(plan.imageUri, process.env['CDK_DOCKER'])], thisMachine(home))
    const { diagnoses, ...rest } = await examineAccount(plan, doctorClients(region), new Date())
    return { diagnoses: [...machine, ...diagnoses], ...rest }
  } catch (error) {
    if (!(error instanceof DayfoldError)) throw error
    const outcome = fault(
      'a configuration that synth accepts',
      error.message,
      'Mend it, then run this again.',
    )
    return { diagnoses: [{ check: 'configuration', ...outcome }] }
  }
}

import { RESULT_WRITER_FAILED, StateError } from '../language/errors.ts'
import type { ChildResult, MapRun, ObjectStore } from './run.ts'

/**
 * Outcome of an item of a Distributed Map: the result of its child execution, or, with the status PENDING, the JSON of
 * an item for which none was started because too many others had failed.
 */
export type ItemResult = ChildResult | { readonly status: 'PENDING'; readonly input: string }

/** Output of a Distributed Map with a ResultWriter: bucket and key of the manifest that lists the files of results. */
export interface ResultWriterResult {
  readonly MapRunArn: string
  readonly ResultWriterDetails: { readonly Bucket: string; readonly Key: string }
}

interface ResultFile {
  readonly Key: string
  readonly Size: number
}

/**
 * Writes the results of a Map Run to S3 as Step Functions does: a JSON array of executions for each group of SUCCEEDED,
 * FAILED and PENDING items, and last a `manifest.json` that lists these files. A group without items gets no file. The
 * whole of a file is held in memory.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 *
 * @param target bucket and prefix; the files lie in a folder below, named after the Map Run's id
 * @throws StateError States.ResultWriterFailed if an object cannot be written
 */
export async function writeResults(
  objects: ObjectStore,
  target: { readonly bucket: string; readonly prefix: string },
  mapRun: MapRun,
  results: readonly ItemResult[],
): Promise<ResultWriterResult> {
  const { bucket, prefix } = target
  const folder = `${prefix === '' ? '' : `${prefix.replace(/\/$/, '')}/`}${mapRun.id}/`
  const put = async (name: string, content: unknown): Promise<ResultFile> => {
    const body = Buffer.from(JSON.stringify(content))
    await objects.put(bucket, `${folder}${name}`, body)
    return { Key: `${folder}${name}`, Size: body.length }
  }
  const group = async (name: string, statuses: readonly ItemResult['status'][]) => {
    const entries = results.filter((result) => statuses.includes(result.status)).map(entryOf)
    return entries.length === 0 ? [] : [await put(`${name}_0.json`, entries)]
  }
  try {
    const manifest = {
      DestinationBucket: bucket,
      MapRunArn: mapRun.arn,
      ResultFiles: {
        FAILED: await group('FAILED', ['FAILED', 'TIMED_OUT', 'ABORTED']),
        PENDING: await group('PENDING', ['PENDING']),
        SUCCEEDED: await group('SUCCEEDED', ['SUCCEEDED']),
      },
    }
    const { Key } = await put('manifest.json', manifest)
    return { MapRunArn: mapRun.arn, ResultWriterDetails: { Bucket: bucket, Key } }
  } catch (error) {
    throw new StateError(RESULT_WRITER_FAILED, `s3://${bucket}/${folder}: ${(error as Error).message}`)
  }
}

const included = { Included: true }

function entryOf(result: ItemResult): Record<string, unknown> {
  if (result.status === 'PENDING') return { Input: result.input, InputDetails: included, Status: 'PENDING' }
  const succeeded = result.status === 'SUCCEEDED'
  return {
    ...(!succeeded && { Cause: result.cause ?? '', Error: result.error ?? '' }),
    ExecutionArn: result.arn,
    Input: result.input,
    InputDetails: included,
    Name: result.name,
    ...(succeeded && { Output: result.output }),
    OutputDetails: included,
    RedriveCount: result.redriveCount,
    RedriveStatus: succeeded ? 'NOT_REDRIVABLE' : 'REDRIVABLE',
    ...(succeeded && { RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' }),
    StartDate: new Date(result.startDate).toISOString(),
    StateMachineArn: result.stateMachineArn,
    Status: result.status,
    ...(result.stopDate !== undefined && { StopDate: new Date(result.stopDate).toISOString() }),
  }
}

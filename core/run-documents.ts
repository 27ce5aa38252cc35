import { decodeDocument, decodeDocuments, type DocumentKind } from './documents.ts'
import type { DatasetDay } from './dataset-day.ts'
import type { Progress, Summary } from './messages.ts'

/** Format of the documents below `runs/<execution>/`. None of them states its version. */
const OF_A_RUN = { version: 1, saysVersion: false, isGzipped: false } as const

const SUMMARY: DocumentKind<Summary> = {
  ...OF_A_RUN,
  name: 'a summary',
  fields: { execution: 'object', dryRun: 'boolean', mode: 'string', counts: 'object', days: 'list' },
  remedy: 'What became of the days stands in their ledger: dayfold status tells it.',
}

const PROGRESS: DocumentKind<Progress> = {
  ...OF_A_RUN,
  name: 'the progress of a job',
  fields: {
    dataset: 'string',
    date: 'string',
    phase: 'string',
    files: 'object',
    records: 'number',
    rows: 'number',
    rejected: 'number',
    bytes: 'object',
    at: 'string',
  },
  remedy: 'The job goes on, and writes it again.',
}

const ITEM: DocumentKind<DatasetDay> = {
  ...OF_A_RUN,
  name: 'a dataset-day',
  fields: { dataset: 'string', date: 'string' },
  remedy: 'Start the execution again.',
}

/**
 * Decodes the summary of an execution: the outcomes of its days.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no summary, or a newer release wrote them
 */
export const decodeSummary = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, SUMMARY)

/**
 * Decodes the progress of a day's job.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no progress, or a newer release wrote them
 */
export const decodeProgress = (bytes: Uint8Array, key: string) => decodeDocument(bytes, key, PROGRESS)

/**
 * Decodes the dataset-days that an execution covers.
 *
 * @param key where the bytes came from, for the message
 * @throws DayfoldError CorruptState if the bytes are no list of dataset-days, or a newer release wrote them
 */
export const decodeItems = (bytes: Uint8Array, key: string) => decodeDocuments(bytes, key, ITEM)

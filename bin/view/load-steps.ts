import type { WriteStream } from 'node:tty'
import { createLogUpdate } from 'log-update'
import type { LoadStep } from '../../client/load.ts'
import { bytes } from '../../core/format.ts'

/** Display of the progress of a load. */
export interface StepsView {
  /** Shows the step that the load has reached. */
  readonly show: (step: LoadStep) => void
  /** Removes the line that is redrawn. */
  readonly close: () => void
}

/**
 * Creates a display for the progress of a load. It redraws one line on a terminal; elsewhere it prints one line per
 * step.
 */
export function stepsView(stream: WriteStream): StepsView {
  if (stream.isTTY) {
    const log = createLogUpdate(stream)
    return { show: (step) => log(stepLine(step)), close: () => log.clear() }
  }
  let last: LoadStep['step'] | undefined
  const show = (step: LoadStep) => {
    if (step.step !== last) stream.write(`${stepLine(step)}\n`)
    last = step.step
  }
  return { show, close: () => undefined }
}

/** Describes the step that a load has reached in one sentence. */
export function stepLine(step: LoadStep): string {
  if (step.step === 'check') return 'Checking the days.'
  if (step.step === 'query') return `Athena runs the query: ${bytes(step.scannedBytes)} read.`
  if (step.step === 'download') return `Downloading: ${step.parts} of ${step.of} parts.`
  return 'Writing the file.'
}

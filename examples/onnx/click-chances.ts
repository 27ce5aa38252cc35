import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { defineDataset, float32, list, string } from '../../processing/dataset.ts'
import { requiredInteger, requiredNumbers } from '../../processing/fields/numbers.ts'
import { requiredId } from '../../processing/fields/text.ts'

/** Number of features that the model takes: those of an impression, cut or padded with 0. */
const FEATURES = 3
/** Inputs of the model: the position on the page and the features. */
const INPUTS = FEATURES + 1

interface Impression {
  readonly impression_id?: unknown
  readonly position?: unknown
  readonly features?: unknown
}

/** The chance that an impression is clicked, by the model in `model/`. */
export default defineDataset({
  name: 'click_chances',
  columns: { impression_id: string(), inputs: list(float32()), chance: float32() },
  assets: './model',
  batch: 256,
  // One thread per worker: the workers share the cores already.
  setup: ({ assets }) =>
    InferenceSession.create(join(assets, 'click-chance.onnx'), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    }),
  async extractBatch(records: Impression[], model: InferenceSession) {
    const read = records.map(inputsOf)
    const inputs = read.flatMap((each) => (each instanceof Error ? [] : each.inputs))
    const tensor = new Tensor('float32', Float32Array.from(inputs), [inputs.length / INPUTS, INPUTS])
    const { chance } = await model.run({ inputs: tensor })
    const chances = chance!.data as Float32Array
    let next = 0
    return read.map((each) => (each instanceof Error ? each : { ...each, chance: chances[next++]! }))
  },
})

/** Returns the model's inputs for a record, or the error for which the record is rejected. */
function inputsOf(
  record: Impression,
): { readonly impression_id: string; readonly inputs: readonly number[] } | Error {
  try {
    const features = requiredNumbers(record.features ?? [], 'features')
    const padded = Array.from({ length: FEATURES }, (_, index) => features[index] ?? 0)
    const position = requiredInteger(record.position, 'position', 1)
    return { impression_id: requiredId(record.impression_id, 'impression_id'), inputs: [position, ...padded] }
  } catch (error) {
    return error as Error
  }
}

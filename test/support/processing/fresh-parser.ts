import { FAILURE } from '../../../processing/records/json/record-layout.ts'
import { recordExports, RecordMemory } from '../../../processing/records/json/record-memory.ts'
import { recordParser, type RecordParser } from '../../../processing/records/json/record-parser.ts'

const exports = recordExports()

/**
 * Makes a parser that has learnt nothing, in the memory of the one before, which must not be used any more: thousands
 * of memories would have the whole heap collected again and again.
 */
export function freshParser(): RecordParser {
  new Uint8Array(exports.memory.buffer, FAILURE).fill(0)
  return recordParser(new RecordMemory(exports))
}

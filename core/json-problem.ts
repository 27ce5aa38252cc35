/** Messages of V8 that name a place. Those that quote what they found end in "is not valid JSON". */
const WITH_PLACE =
  /^(?!Unexpected token)[A-Z][A-Za-z ,':"[\]{}-]* (?:in|after) JSON at position \d{1,10}(?: \(line \d{1,10} column \d{1,10}\))?$/
const CUT_SHORT = 'Unexpected end of JSON input'

/** What `JSON.parse` found wrong, without the text that its message may quote. */
export function jsonProblem(error: unknown): string {
  const message = error instanceof SyntaxError ? error.message : ''
  return message === CUT_SHORT || WITH_PLACE.test(message) ? message : 'text that is not JSON'
}

/** Matches V8's messages that name a position. Messages that quote the text end in "is not valid JSON" instead. */
const WITH_PLACE =
  /^(?!Unexpected token)[A-Z][A-Za-z ,':"[\]{}-]* (?:in|after) JSON at position \d{1,10}(?: \(line \d{1,10} column \d{1,10}\))?$/
const CUT_SHORT = 'Unexpected end of JSON input'

/** Describes an error of `JSON.parse` without quoting the parsed text, which V8's message may do. */
export function jsonProblem(error: unknown): string {
  const message = error instanceof SyntaxError ? error.message : ''
  return message === CUT_SHORT || WITH_PLACE.test(message) ? message : 'text that is not JSON'
}

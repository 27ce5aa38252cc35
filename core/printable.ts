/**
 * The text as it is, on one line: control characters, separators of lines and paragraphs, lone surrogates and what turns
 * the direction of writing become escapes such as `\u001b`, so that a key of a raw object can do nothing to a terminal.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

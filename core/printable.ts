/**
 * Returns the text on one line and safe for a terminal, such as a raw object's key: control characters, line and
 * paragraph separators, lone surrogates and characters that change the direction of writing become escapes such as
 * `\u001b`.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Escapes a text from outside, such as a raw object's key, so that it stays on one line and is safe for a terminal.
 * Control characters, line and paragraph separators, lone surrogates and characters that change the direction of
 * writing become escapes such as `\u001b`.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

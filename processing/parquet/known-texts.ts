/** Maximum number of places. */
const MAX_PLACES = 512

/**
 * Texts that feature code was given, and where their bytes stand. A text that it returns as it was can be written by
 * copying those bytes, which takes a fraction of the time of encoding its characters.
 *
 * Each field of a record has a place, which holds the text that was put there last.
 */
export class KnownTexts {
  /** Memory that the bytes stand in. */
  readonly view: DataView
  /** By place. A text is compared with `===`, which is fast because it is mostly the same string. */
  readonly texts = new Array<string | undefined>(MAX_PLACES).fill(undefined)
  /** Position of a text's bytes in the memory, by place. */
  readonly starts = new Uint32Array(MAX_PLACES)
  /** Places of fields, by the field. */
  readonly #places = new Map<string, number>()

  /** @param memory never replaced; the bytes of the texts in it must not change before `forget` is called */
  constructor(memory: ArrayBufferLike) {
    this.view = new DataView(memory)
  }

  /** Returns the place of a field. The last one is shared by all fields for which there is none. */
  placeOf(field: string): number {
    const place = this.#places.get(field) ?? Math.min(this.#places.size, MAX_PLACES - 1)
    this.#places.set(field, place)
    return place
  }

  /**
   * Puts a text at the place of its field.
   *
   * @param start position of its bytes, which must be ASCII: as many as it has characters
   */
  put(place: number, text: string, start: number): void {
    this.texts[place] = text
    this.starts[place] = start
  }

  /** Forgets all texts. */
  forget(): void {
    this.texts.fill(undefined, 0, this.#places.size)
  }
}

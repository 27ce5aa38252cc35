import { compareKeys } from '../../../../core/layout.ts'

/** One thing that S3 or Glue holds: an object, a partition, a crawler. Never changed, only replaced. */
export interface Cell<T = unknown> {
  /** What it is called among all cells: `<bucket>/<key>`, `partition/<table>/<value>`, `crawler/<name>`. */
  readonly name: string
  readonly value: T
  /** Equal for cells of one name that nobody can tell apart. */
  readonly id: number
}

const known = new Map<string, Cell>()

/**
 * A cell; the same one for the same name and identity.
 *
 * @param identity all of the value that anybody can see, as text
 */
export function cellOf<T>(name: string, identity: string, value: T): Cell<T> {
  const text = `${name}\n${identity}`
  const cell = known.get(text) ?? { name, value, id: known.size }
  known.set(text, cell)
  return cell as Cell<T>
}

/** All that S3 and Glue hold at one moment, in the order of S3's listings. Never changed: each write makes another. */
export class Cells {
  static readonly empty = new Cells([])
  readonly #sorted: readonly Cell[]
  #text: string | undefined

  private constructor(sorted: readonly Cell[]) {
    this.#sorted = sorted
  }

  get<T>(name: string): Cell<T> | undefined {
    const cell = this.#sorted[this.#place(name)]
    return cell?.name === name ? (cell as Cell<T>) : undefined
  }

  /** The cells whose names begin so. */
  below<T>(prefix: string): Cell<T>[] {
    const start = this.#place(prefix)
    let end = start
    while (this.#sorted[end]?.name.startsWith(prefix)) end++
    return this.#sorted.slice(start, end) as Cell<T>[]
  }

  with(cell: Cell): Cells {
    const place = this.#place(cell.name)
    if (this.#sorted[place] === cell) return this
    const taken = this.#sorted[place]?.name === cell.name
    return new Cells(this.#sorted.toSpliced(place, taken ? 1 : 0, cell))
  }

  without(name: string): Cells {
    const place = this.#place(name)
    return this.#sorted[place]?.name === name ? new Cells(this.#sorted.toSpliced(place, 1)) : this
  }

  /** Equal for equal contents, and for no others. */
  get text(): string {
    return (this.#text ??= this.#sorted.map(({ id }) => id).join())
  }

  /** Where a cell of that name stands or would stand. */
  #place(name: string): number {
    let [low, high] = [0, this.#sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareKeys(this.#sorted[middle]!.name, name) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

import { compareKeys } from '../../../../core/layout.ts'

/** One item that S3 or Glue holds: an object, a partition, a crawler. Never changed, only replaced. */
export interface Cell<T = unknown> {
  /** Name among all cells: `<bucket>/<key>`, `partition/<table>/<value>`, `crawler/<name>`. */
  readonly name: string
  readonly value: T
  /** Identity: equal for cells of one name that nobody can tell apart. */
  readonly id: number
}

const known = new Map<string, Cell>()

/**
 * Returns the cell of a name and identity, always the same one.
 *
 * @param identity all visible properties of the value, as text
 */
export function cellOf<T>(name: string, identity: string, value: T): Cell<T> {
  const text = `${name}\n${identity}`
  const cell = known.get(text) ?? { name, value, id: known.size }
  known.set(text, cell)
  return cell as Cell<T>
}

/** All cells of S3 and Glue at one moment, in the order of S3's listings. Never changed: each write makes a new one. */
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

  /** Returns the cells whose names begin with `prefix`. */
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

  /** Text of the contents: equal for equal contents, and for no others. */
  get text(): string {
    return (this.#text ??= this.#sorted.map(({ id }) => id).join())
  }

  /** Returns the position at which a cell of that name stands or would stand. */
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

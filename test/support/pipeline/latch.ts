/** Something that others wait for. */
export interface Latch {
  readonly opened: Promise<void>
  open(): void
}

/** A latch that is closed. */
export function latch(): Latch {
  let open!: () => void
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

/** Memory of compiled code. It is not to grow: that would detach its buffer, which makes typed arrays dearer everywhere. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** The part of WebAssembly that is used here, which the types of Node lack. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports?: object) => { readonly exports: object }
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => WasmMemory
}

const { Module, Instance, Memory } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly

const PAGE = 1 << 16

/**
 * Reads compiled AssemblyScript, as `npm run assembly` writes it, and returns a function that makes an instance of it,
 * with a memory of its own or the given one. V8 compiles it once in a process, whatever the number of its threads.
 */
export function compiledModule<Exports>(compiled: {
  readonly wasm: string
}): (memory?: WasmMemory) => Exports {
  const module = new Module(Buffer.from(compiled.wasm, 'base64'))
  return (memory) => new Instance(module, { env: { memory } }).exports as Exports
}

/** Makes a memory of at least so many bytes, which are 0. */
export function wasmMemory(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / PAGE)
  return new Memory({ initial: pages, maximum: pages })
}

/** undici's agent by itself: the package's entry point brings fetch, caches and web sockets, 250 KB to be compiled. */
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici'
  export default Agent
}

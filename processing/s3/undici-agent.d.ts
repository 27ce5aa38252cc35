/** undici's agent by itself: the package's entry point also loads fetch, caches and web sockets, 250 KB of code. */
declare module 'undici/lib/dispatcher/agent.js' {
  import { Agent } from 'undici'
  export default Agent
}

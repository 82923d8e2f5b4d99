/** Where the command line begins: what was compiled is kept for the next start, which takes half the time then. */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/isthmus', import.meta.url)))
// A server that is killed keeps it as well.
setTimeout(flushCompileCache, 2000).unref()

// Not before: what is imported statically is compiled first.
await import('./program.ts')

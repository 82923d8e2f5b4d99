/**
 * nft within this process, by the library that the tool is made of: a transaction then costs a tenth of what it does
 * with a process, and the more memory a server has, the more it costs to start one.
 */
import { closeSync, openSync } from 'node:fs'
import koffi from 'koffi'
import { inherit, socketOf, within } from './libc.ts'
import { AF_NETLINK, NETLINK_NETFILTER } from './netlink.ts'

/**
 * Carries out `text` as one transaction in the network namespace at `path`. Answers false where it did not, and then
 * nothing has been done: the tool can try, and says exactly what is wrong.
 */
export type NftLibrary = (path: string, text: string) => Promise<boolean>

/** The version that this interface has had since nftables 0.9. */
const NAME = 'libnftables.so.1'
let loaded: NftLibrary | undefined
let tried = false

/** Undefined where the library cannot be had. The first call should come early: see `lowDescriptor`. */
export function nftLibrary(): NftLibrary | undefined {
  if (!tried) loaded = load()
  tried = true
  return loaded
}

function load(): NftLibrary | undefined {
  try {
    return transactions(koffi.load(NAME), lowDescriptor())
  } catch {
    return undefined
  }
}

type Library = ReturnType<typeof koffi.load>

function transactions(lib: Library, low: LowDescriptor): NftLibrary {
  const open = lib.func('void *nft_ctx_new(uint32_t flags)') as (flags: number) => unknown
  const free = lib.func('void nft_ctx_free(void *ctx)') as (context: unknown) => void
  const keepErrors = lib.func('int nft_ctx_buffer_error(void *ctx)') as (context: unknown) => number
  const keepOutput = lib.func('int nft_ctx_buffer_output(void *ctx)') as (context: unknown) => number
  const run = laterOf(lib.func('int nft_run_cmd_from_buffer(void *ctx, const char *text)'))
  return oneByOne(async (path, text) => {
    // Its socket stays in the namespace in which it is opened.
    const [context, isUsable] = within(path, () => low.use(() => open(0)))
    try {
      if (!isUsable) return false
      keepErrors(context)
      keepOutput(context)
      return (await run(context, text)) === 0
    } finally {
      free(context)
      low.hold()
    }
  })
}

interface LowDescriptor {
  /** What `open` gives, and whether the one netlink socket that it opens has a low number, and is nobody else's. */
  use<T>(open: () => T): readonly [T, boolean]
  /** Keeps a low number for the next time; to be called when the socket is closed. */
  hold(): void
}

/** The library waits for its socket with select(2), which ends the process where a descriptor has a higher number. */
const FD_SETSIZE = 1024

/** A descriptor of /dev/null keeps a low number free, however many others a server opens later. */
function lowDescriptor(): LowDescriptor {
  const open = () => openSync('/dev/null', 'r')
  let held: number | undefined = open()
  return {
    use(work) {
      if (held !== undefined) closeSync(held)
      held = undefined
      // What is opened next has the lowest number there is.
      const lowest = open()
      closeSync(lowest)
      const result = work()
      const found = socketOf(lowest)
      const isSocket = found?.family === AF_NETLINK && found.protocol === NETLINK_NETFILTER
      if (isSocket) inherit(lowest, false)
      return [result, isSocket && lowest < FD_SETSIZE]
    },
    hold() {
      held ??= open()
    },
  }
}

/** On another thread: where something is deleted, the kernel waits until no packet can meet it. */
const laterOf =
  (run: ReturnType<Library['func']>) =>
  (context: unknown, text: string): Promise<number> =>
    new Promise((resolve, reject) => {
      run.async(context, text, (error: unknown, result: number) => (error ? reject(error) : resolve(result)))
    })

/** The library is not made for several threads at once. */
function oneByOne(transact: NftLibrary): NftLibrary {
  let last: Promise<unknown> = Promise.resolve()
  return (path, text) => {
    const done = last.then(() => transact(path, text))
    last = done.catch(() => {})
    return done
  }
}

/** Calls that arrive together are carried out together: what they share, as one sync of the disk, is paid once. */

/** How one call ended. */
export type Outcome<R> = { readonly value: R } | { readonly error: unknown }

/** What `work` gives or throws. */
export function outcomeOf<R>(work: () => R): Outcome<R> {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}

/** `run` is given the calls that have arrived in one turn of the event loop, in order, and answers each. */
export function batched<C, R>(run: (calls: readonly C[]) => readonly Outcome<R>[]): (call: C) => Promise<R> {
  let waiting: { readonly call: C; readonly settle: (outcome: Outcome<R>) => void }[] = []

  function flush(): void {
    const all = waiting
    waiting = []
    const together = outcomeOf(() => run(all.map(({ call }) => call)))
    for (const [i, { settle }] of all.entries())
      settle('error' in together ? together : (together.value[i] ?? { error: new Error('a call without an outcome') }))
  }

  return (call) =>
    new Promise((resolve, reject) => {
      const settle = (outcome: Outcome<R>) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value))
      if (waiting.push({ call, settle }) === 1) setImmediate(flush)
    })
}

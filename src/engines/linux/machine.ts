/** The machine as this engine knows it: what was read, what it did since, and what has been touched by others. */
import { eachOf } from './command.ts'
import { type Desired, type Facts, type Found, linksOf, type Namespace } from './desired.ts'
import { remember, remembered, tableHash } from './memory.ts'
import { isNamespace, namespacesThere, readNamespace } from './read.ts'
import { type Watch, watchNamespace } from './watch.ts'

export interface Machine {
  readonly known: ReadonlyMap<string, Found>
  /**
   * Looks for what others did, restores lost names, and answers whether anything has to be looked at. Where there is
   * something to change for `next`, it looks at that alone, and takes what happened during an earlier change as that
   * change's doing: the rest is another time's work.
   */
  notice(next?: Desired): Promise<boolean>
  /** Reads all that is not known, as far as `want` needs it. */
  refresh(want: Desired): Promise<void>
  /** `want` is in force now. */
  settled(want: Desired): void
  /** Does `work`, which changes nft in a namespace beside its own table, so that it is not taken for drift. */
  beside(namespace: string, work: () => Promise<void>): Promise<void>
  /** Nothing is certain any more of these namespaces: they are read again next time. */
  doubt(namespaces: Iterable<string>): void
  /** A namespace is about to be removed and made anew: nothing is known of it, and its name is not given back. */
  forget(namespace: string): void
  close(): void
}

export function machineOf(tag: string, stateDir: string): Machine {
  const known = new Map<string, Found>()
  const watches = new Map<string, Watch>()
  const tables = remembered(stateDir)
  /** Where what has happened since it was read was mostly our own doing. */
  const unverified = new Set<string>()
  let last: Desired | undefined

  const forget = (namespace: string) => {
    known.delete(namespace)
    unverified.delete(namespace)
    watches.get(namespace)?.close()
    watches.delete(namespace)
  }
  const forgetAllBut = (wanted: Desired['namespaces']) => {
    for (const namespace of [known, watches, tables].flatMap((names) => [...names.keys()])) {
      if (wanted.has(namespace)) continue
      forget(namespace)
      tables.delete(namespace)
    }
  }
  const watchOf = (namespace: string, wanted: Namespace | undefined): Watch => {
    const watch = watches.get(namespace) ?? watchNamespace(namespace, wanted?.kind === 'host' ? 'host' : 'router')
    watches.set(namespace, watch)
    return watch
  }
  const look = async (namespace: string, want: Desired) => {
    unverified.delete(namespace)
    const wanted = want.namespaces.get(namespace)
    const watch = watchOf(namespace, wanted)
    const { placed, ...found } = await readNamespace(namespace, wanted?.sysctls.keys() ?? [])
    const mine = tables.get(namespace)
    const before = last?.namespaces.get(namespace)
    const current = before?.nft ?? (wanted?.nft && mine?.hash === tableHash(wanted.nft) ? wanted.nft : undefined)
    const nft = mine?.generation === watch.generation() ? current : undefined
    known.set(
      namespace,
      wanted?.kind === 'host' ? asHost({ ...found, nft }, placed, before, wanted) : { ...found, nft },
    )
  }
  /** Whether something there is not as it was left; a name that is gone is given back first. */
  const isTouched = async (namespace: string, watch: Watch): Promise<boolean> => {
    const isThere =
      watch.named() ||
      (await watch.rename().then(
        () => true,
        () => false,
      ))
    if (!isThere) forget(namespace)
    return (
      !isThere || watch.touched() || (tables.has(namespace) && tables.get(namespace)?.generation !== watch.generation())
    )
  }
  return {
    known,
    async notice(next) {
      let any = false
      const there = new Set(next && namespacesThere(tag))
      const isConcerned = (name: string) => !there.has(name) || known.get(name)?.as !== next?.namespaces.get(name)
      const changing = next ? [...watches].filter(([name]) => isConcerned(name)) : []
      const isBrief = changing.length > 0
      for (const [namespace, watch] of isBrief ? changing : watches) {
        if ((await isTouched(namespace, watch)) || (!isBrief && unverified.has(namespace))) known.delete(namespace)
        any ||= !known.has(namespace)
      }
      return any
    },
    async refresh(want) {
      const there = new Set(namespacesThere(tag))
      for (const namespace of known.keys()) if (!there.has(namespace)) forget(namespace)
      await eachOf(
        [...there].filter((namespace) => !known.has(namespace) && isNamespace(namespace)),
        (namespace) => look(namespace, want),
      )
    },
    settled(want) {
      last = want
      forgetAllBut(want.namespaces)
      for (const [namespace, wanted] of want.namespaces) {
        if (known.get(namespace)?.as === wanted) continue
        const watch = watchOf(namespace, wanted)
        if (watch.touched()) unverified.add(namespace)
        known.set(namespace, foundOf(want, namespace, wanted))
        if (wanted.nft) tables.set(namespace, { generation: watch.generation(), hash: tableHash(wanted.nft) })
      }
      remember(stateDir, tables)
    },
    async beside(namespace, work) {
      const watch = watches.get(namespace)
      const before = watch?.generation()
      await work()
      const mine = tables.get(namespace)
      const after = watch?.generation()
      // One transaction is one generation: more than one, and somebody else was there as well.
      if (!mine || before === undefined || mine.generation !== before || after !== before + 1) return
      tables.set(namespace, { ...mine, generation: after })
      remember(stateDir, tables)
    },
    doubt(namespaces) {
      for (const namespace of namespaces) known.delete(namespace)
    },
    forget,
    close: () => [...watches.keys()].forEach(forget),
  }
}

/** What a namespace holds once it is as wanted. */
function foundOf(want: Desired, namespace: string, wanted: Namespace): Found {
  const { addresses, rules, routes, neighbors, sysctls, nft } = wanted
  return {
    links: linksOf(want).get(namespace) ?? new Map(),
    loopback: true,
    addresses,
    rules,
    routes,
    neighbors,
    sysctls,
    nft,
    as: wanted,
  }
}

/**
 * Inside a host only its links are ours; root there may change the rest. So what was put there counts as there,
 * unless its link has gone. After a restart, what is missing is added, what an earlier server put there and nobody
 * wants any more goes (`placed`: addresses, as they say who put them there), and what is more is left alone.
 */
function asHost(found: Found, placed: Facts, before: Namespace | undefined, wanted: Namespace): Found {
  const left = (facts: Facts): Facts =>
    new Map([...facts].filter(([, text]) => found.links.has(/ dev (\S+)/.exec(text)?.[1] ?? '')))
  const common = (there: Facts, facts: Facts): Facts =>
    new Map([...there].filter(([key]) => facts.has(key)).map(([key]) => [key, facts.get(key) ?? '']))
  const both = (some: Facts, others: Facts): Facts => new Map([...some, ...others])
  return {
    ...found,
    addresses: before ? left(before.addresses) : both(placed, common(found.addresses, wanted.addresses)),
    routes: before ? left(before.routes) : common(found.routes, wanted.routes),
    loopback: before !== undefined || found.loopback,
    rules: new Map(),
    neighbors: new Map(),
    sysctls: before ? before.sysctls : found.sysctls,
  }
}

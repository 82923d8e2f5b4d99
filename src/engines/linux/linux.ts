/**
 * The Linux engine: a network in namespaces, routes and nftables.
 *
 * Invariants: the kernel is a function of the network (`render`); what is changed is the difference (`plan`); every
 * name of ours begins with the tag; nothing else on the machine is touched, and what is, is recorded first.
 */
import { familyOf } from '../../ip/address.ts'
import { groupsOf } from '../../network/groups.ts'
import type { Network } from '../../network/network.ts'
import { detached } from '../../network/patch.ts'
import type { Engine, Services } from '../engine.ts'
import { carryOut, remove } from './apply.ts'
import { linuxCaptures } from './capture/captures.ts'
import { runIn } from './command.ts'
import type { Desired } from './desired.ts'
import { counterReader } from './counters.ts'
import { dial } from './dial.ts'
import { isEmpty, plan, touchedBy } from './diff.ts'
import { linuxGuests } from './guest/guests.ts'
import { allGroups } from './guest/ids.ts'
import { withKnownTimeouts } from './idle-timeouts.ts'
import { ensureHostLink, recordNetnsMount } from './host-link.ts'
import type { Flow, Trace } from '../../network/flow.ts'
import { internetHttp } from './internet-http.ts'
import { keepDescriptors } from './libc.ts'
import { machineOf } from './machine.ts'
import { namespaceOf } from './names.ts'
import { ensureNeighborLimit } from './neighbor-limit.ts'
import { nftLibrary } from './nft-library.ts'
import { type Prober, prober } from './probe/probe.ts'
import { type Probe, probeSessions } from './probe/sessions.ts'
import { type HostLink, render } from './render.ts'
import { serviceSockets } from './services/service-sockets.ts'
import { spawnInside } from './spawn.ts'
import { tearDown } from './tear-down.ts'

export interface LinuxOptions {
  /** Begins the name of everything that this engine makes; two servers have two. */
  readonly tag: string
  /** Where changes of the host are recorded. */
  readonly stateDir: string
  readonly hostLink?: HostLink
  /** What answers at the addresses of routers' services; without it they are silent. */
  readonly services?: Services
  readonly log?: (line: string) => void
  /** How often the machine is looked at, in milliseconds; 0 for never. */
  readonly driftEvery?: number
}

export interface LinuxEngine extends Engine {
  /** Probes of many flows at once; each is fresh unless it names a session. */
  probeAll(probes: readonly Probe[]): Promise<Trace[]>
  /** Looks at the machine now and repairs what others changed. Answers whether there was anything to repair. */
  repair(): Promise<boolean>
}

export function linuxEngine(options: LinuxOptions): LinuxEngine {
  const { tag, stateDir, hostLink, log = () => {} } = options
  keepDescriptors()
  nftLibrary()
  const machine = machineOf(tag, stateDir)
  const inTurn = queue()
  const web = internetHttp(log)
  const sockets = serviceSockets(options.services, log)
  const guests = linuxGuests({ tag, stateDir, log, renew: (node) => renew(node) })
  const readCounters = counterReader()
  const captures = linuxCaptures({ tag, stateDir, machine, inTurn, log })
  let reached = 0
  let network: Network | undefined
  let want: Desired | undefined
  const sessions = probeSessions()
  let probing: Prober | undefined
  /** Its sockets would keep removed namespaces alive. */
  const stopProbing = () => {
    probing?.close()
    probing = undefined
  }

  const reach = async (desired: Desired): Promise<boolean> => {
    const changed = await makeEqual(desired)
    const internet = internetOf(desired)
    if (internet) web.serve(internet)
    sockets.follow(desired)
    return changed
  }

  /** Makes the machine equal to `desired`; answers whether anything had to be done. */
  const makeEqual = async (desired: Desired): Promise<boolean> => {
    await machine.refresh(desired)
    const steps = plan(machine.known, desired)
    if (steps.created.length > 0) ensureNeighborLimit(stateDir, hostsIn(desired), log)
    const internet = internetOf(desired)
    const link = () =>
      hostLink && internet ? ensureHostLink(tag, stateDir, internet, hostLink) : Promise.resolve(false)
    if (isEmpty(steps) && !(await link())) {
      machine.settled(desired)
      return false
    }
    stopProbing()
    await captures.release(steps)
    sockets.leave([...steps.removed, ...steps.created])
    machine.doubt(touchedBy(steps))
    if (steps.created.length > 0) recordNetnsMount(stateDir)
    await carryOut(steps, link)
    machine.settled(desired)
    return true
  }

  const repair = () =>
    inTurn(async () => {
      if (!want) return false
      ensureNeighborLimit(stateDir, hostsIn(want), log)
      if (!(await machine.notice())) return false
      const changed = await reach(want)
      if (changed && network) await captures.follow({ network, tag, comments: want.comments })
      if (changed) log('the machine had been changed by hand and has been put right')
      return changed
    })

  /** Those that wait are made anew together: it costs as much as for one. */
  const toRenew = new Set<string>()
  const renew = (node: string) => {
    toRenew.add(namespaceOf(tag, node))
    return inTurn(async () => {
      const namespaces = [...toRenew]
      toRenew.clear()
      if (namespaces.length === 0 || !network || !want) return
      namespaces.forEach(machine.forget)
      await remove(namespaces)
      await reach(want)
      await captures.follow({ network, tag, comments: want.comments })
    })
  }

  const timer =
    options.driftEvery === 0
      ? undefined
      : setInterval(() => void repair().catch((error: Error) => log(error.message)), options.driftEvery ?? 1500)
  timer?.unref()

  const mustBeThere = (node: string) => {
    if (network?.nodes.get(node) === undefined) throw new Error(`there is no ${node}`)
  }

  const probeAll = (probes: readonly Probe[]) =>
    inTurn(async () => {
      if (!network || !want) throw new Error('no network is in force yet')
      for (const { flow, from } of probes) checkProbe(network, flow, from)
      probing ??= prober({ network, tag, comments: want.comments, sessions })
      try {
        return await probing.probeAll(probes)
      } finally {
        // Traces of what is captured would fill its sockets.
        if (captures.active()) stopProbing()
      }
    })

  return {
    name: 'linux',
    get reached() {
      return reached
    },
    apply: (wanted, revision) =>
      inTurn(async () => {
        const next = detached(wanted)
        const desired = render(await withKnownTimeouts(next, log), {
          tag,
          ...(hostLink && { hostLink }),
          groups: allGroups(),
        })
        await machine.notice(desired)
        await reach(desired)
        if (!network) await captures.clean()
        await forgetTranslations(tag, network, next)
        if (network !== next) stopProbing()
        network = next
        want = desired
        await captures.follow({ network, tag, comments: want.comments })
        reached = revision
      }),
    repair,
    counters: async (resource) => (want ? readCounters(want, resource) : []),
    probeAll,
    probe: async (flow, from, session) =>
      (await probeAll([{ flow, from, ...(session !== undefined && { session }) }]))[0] as Trace,
    host: {
      ...guests,
      spawn(node, command, spawnOptions) {
        mustBeThere(node)
        const inside = guests.spawn(node, command, spawnOptions)
        if (inside) return inside
        if (spawnOptions?.terminal) throw new Error(`${node} is no instance that runs: no terminal can be opened there`)
        return spawnInside(namespaceOf(tag, node), node, command)
      },
      async dial(node, from, to, port, timeout) {
        mustBeThere(node)
        return dial(namespaceOf(tag, node), from, to, port, timeout)
      },
      capture: (where, listener) =>
        inTurn(async () => {
          if (!network || !want) throw new Error('no network is in force yet')
          stopProbing()
          return captures.open({ network, tag, comments: want.comments }, where, listener)
        }),
    },
    async close({ keep = false } = {}) {
      clearInterval(timer)
      guests.close()
      await inTurn(async () => {
        stopProbing()
        await captures.close()
        web.close()
        sockets.close()
        machine.close()
        if (!keep) await tearDown(tag, stateDir)
      })
    },
  }
}

const hostsIn = ({ namespaces }: Desired): number => [...namespaces.values()].filter((n) => n.kind === 'host').length

const internetOf = (desired: Desired): string | undefined =>
  [...desired.namespaces].find(([, n]) => n.kind === 'internet')?.[0]

function checkProbe(network: Network, { source, destination }: Flow, from: string): void {
  if (!network.nodes.has(from)) throw new Error(`there is no ${from}`)
  if (familyOf(source) === 6 || familyOf(destination) === 6) throw new Error('the Linux engine routes IPv4 only as yet')
}

/** Flows of a translation that is no more: the gates refuse them already, and conntrack must not revive them. */
async function forgetTranslations(tag: string, before: Network | undefined, now: Network): Promise<void> {
  if (!before || groupsOf(before).translations === groupsOf(now).translations) return
  const current = new Set(now.translations.map((t) => `${t.interface} ${t.inside} ${t.outside}`))
  for (const t of before.translations) {
    const node = before.interfaces.get(t.interface)?.node
    if (current.has(`${t.interface} ${t.inside} ${t.outside}`) || !node || !now.nodes.has(node)) continue
    for (const side of ['--orig-dst', '--reply-dst'])
      await runIn(namespaceOf(tag, node), 'conntrack', ['-D', side, t.outside], '', true)
  }
}

/** Runs tasks one after another. */
function queue(): <T>(task: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = tail.then(task)
    tail = result.catch(() => {})
    return result
  }
}

/** The sockets of one capture: packets as they pass its ports, and the trace of what became of them. */
import { otherEnd, type Port, portKey } from '../layout.ts'
import { pathOf } from '../names.ts'
import { openNftTrace } from '../nft-trace.ts'
import { type Frame, openPacketSocket, type PacketSocket, portIndexes } from './packet-socket.ts'
import { type Passage, type Passages, passagesOf } from './passages.ts'
import type { Place, Places, Tap } from './places.ts'

/** Where a packet's way ended, as far as it is known; `at` is the port by which it came to its last router. */
export type Fate =
  | { readonly kind: 'passed' | 'unseen' }
  | { readonly kind: 'ruled' | 'away'; readonly at: Place; readonly passage: Passage }

/** A packet that was stopped and of which no frame was seen: where it was, and how a capture is to tell it. */
export interface Stopped {
  readonly passage: Passage
  readonly place: Place
  readonly interface: string
  readonly direction: 'in' | 'out'
}

export interface Looks {
  /** Frames that have passed since the last call. */
  frames(): readonly (Frame & { readonly tap: Tap })[]
  /** Takes in what traces tell; answers whether they tell all that there is, and time may pass. */
  drain(): boolean
  /** Follows a packet that came in at `place` from router to router, and counts it as told of. */
  follow(key: string, place: Place): Fate
  stopped(age: number): readonly Stopped[]
  /** The far end of a place's link, where that is watched. */
  far(place: Place): Place | undefined
  /** Frames since the last call that came too fast. */
  missed(): number
  close(): void
}

/** What is open in one namespace. */
interface Look {
  readonly namespace: string
  readonly passages: Passages
  readonly ports: ReadonlyMap<number, Port>
  readonly indexes: ReadonlyMap<string, number>
  close(): void
}

/** Frames that are read of a port at once. */
const MOST = 500

/** Opens them; a port that is not there is passed over. Sockets keep a namespace alive. */
export function openLooks(places: Places, portsOf: (node: string) => readonly Port[]): Looks {
  const looks = new Map<string, Look>()
  for (const { namespace, port } of places.watched)
    if (!looks.has(namespace)) looks.set(namespace, openLook(namespace, portsOf(port.node)))
  const sockets = places.taps.flatMap((tap): [Tap, PacketSocket][] => {
    const index = looks.get(tap.namespace)?.indexes.get(tap.port.name)
    return index === undefined ? [] : [[tap, openPacketSocket(pathOf(tap.namespace), index)]]
  })
  const byPort = new Map(places.watched.map((w) => [portKey(w.port), w]))
  const far = ({ port }: Place) => byPort.get(otherEnd(port) ?? '')
  return {
    frames: () => sockets.flatMap(([tap, socket]) => framesOf(socket).map((frame) => ({ ...frame, tap }))),
    drain() {
      const isAll = [...looks.values()].map(({ passages }) => passages.drain()).every(Boolean)
      if (isAll) for (const { passages } of looks.values()) passages.grow()
      return isAll
    },
    follow: (key, place) => follow(looks, far, key, place),
    stopped: (age) => [...looks.values()].flatMap((look) => stoppedIn(look, places, age)),
    far,
    missed: () => sockets.reduce((sum, [, socket]) => sum + socket.missed(), 0),
    close() {
      for (const [, socket] of sockets.splice(0)) socket.close()
      for (const look of looks.values()) look.close()
      looks.clear()
    },
  }
}

/** Tells whether the same ports are meant, and whether they are still the same. */
export const signatureOf = ({ taps, watched }: Places): string =>
  [...taps, ...watched]
    .map(({ namespace, port }) => `${namespace} ${[...portIndexes(pathOf(namespace), [port.name])].join(' ')}`)
    .join(', ')

function openLook(namespace: string, ports: readonly Port[]): Look {
  const byName = new Map(ports.map((p) => [p.name, p]))
  const named = [...portIndexes(pathOf(namespace), [...byName.keys()])]
  const passages = passagesOf((lost) => openNftTrace(pathOf(namespace), lost))
  return {
    namespace,
    passages,
    ports: new Map(named.flatMap(([index, name]) => [byName.get(name) ?? []].flat().map((port) => [index, port]))),
    indexes: new Map(named.map(([index, name]) => [name, index])),
    close: () => passages.close(),
  }
}

function framesOf(socket: PacketSocket): Frame[] {
  const frames: Frame[] = []
  for (let frame = socket.read(); frame; frame = frames.length < MOST ? socket.read() : undefined) frames.push(frame)
  return frames
}

function follow(
  looks: ReadonlyMap<string, Look>,
  far: (place: Place) => Place | undefined,
  key: string,
  start: Place,
): Fate {
  for (let at: Place | undefined = start; at; ) {
    const look = looks.get(at.namespace)
    const passage = look?.passages.find(key, look.indexes.get(at.port.name) ?? 0)
    if (!look || !passage) return { kind: at === start ? 'unseen' : 'passed' }
    passage.told = true
    if (passage.drop) return { kind: 'ruled', at, passage }
    if (passage.doubtful) return { kind: 'unseen' }
    if (passage.home) return { kind: 'passed' }
    if (passage.oif === undefined) return { kind: 'away', at, passage }
    const out = look.ports.get(passage.oif)
    at = out && far({ namespace: at.namespace, port: out })
  }
  return { kind: 'passed' }
}

/** By the port to which it was on its way; else by the one it came from, where its frame was not recognized. */
function stoppedIn({ namespace, passages, indexes }: Look, { taps, watched }: Places, age: number): Stopped[] {
  const isAt = (place: Place, index: number | undefined) =>
    place.namespace === namespace && index !== undefined && indexes.get(place.port.name) === index
  return passages.stopped(age).flatMap((passage) => {
    const to = watched.find((w) => w.leaving && isAt(w, passage.oif))
    const from = taps.find((tap) => isAt(tap, passage.iif))
    const told = to?.leaving ?? (from && { interface: from.interface, direction: from.entering })
    const place = to ?? from
    if (!told || !place) return []
    passage.told = true
    return [{ passage, place, ...told }]
  })
}

/** The model, broken on purpose, one stage at a time: the differential test must notice each. */
import { SEQUENCES } from '../../src/forward/stages.ts'
import { next, noted, type StageFunction, type World } from '../../src/forward/walk.ts'
import type { Stage } from '../../src/network/flow.ts'

type Break = (run: StageFunction) => StageFunction

const passes: Break = () => (_, packet) => [next(packet)]
const accepts =
  (stage: Stage): Break =>
  () =>
  (_, packet) => [{ kind: 'end', disposition: 'accepted', packet: noted(packet, stage, packet.at.origin) }]

/** The stage as it is, in a world that is wrong. */
const misled =
  (wrong: <H>(topology: World<H>['topology']) => World<H>['topology']): Break =>
  (run) =>
  (world, packet) =>
    run({ ...world, topology: wrong(world.topology) }, packet)

/** The shortest prefix first. */
const shortestFirst = misled((t) => ({
  ...t,
  routesOf: new Map([...t.routesOf].map(([table, routes]) => [table, routes.toReversed()])),
}))
const nobodyThere = misled((t) => ({ ...t, neighbors: new Map() }))

/** Stage → the functions of `stages.ts` it lives in, and how it goes wrong. */
const BREAKS: Readonly<Record<Stage, { readonly functions: readonly string[]; readonly how: Break }>> = {
  'source-check': { functions: ['sourceCheck'], how: passes },
  service: { functions: ['service'], how: passes },
  'egress-rules': { functions: ['egressRules'], how: passes },
  'segment-egress': { functions: ['segmentEgress', 'uplinkEgress'], how: passes },
  route: { functions: ['route'], how: shortestFirst },
  mtu: { functions: ['mtu'], how: passes },
  'translate-source': { functions: ['translateSource'], how: passes },
  internet: { functions: ['internet'], how: accepts('internet') },
  'translate-destination': { functions: ['translateDestination'], how: passes },
  'segment-ingress': { functions: ['segmentIngress', 'uplinkIngress'], how: passes },
  neighbor: { functions: ['route', 'ontoSegment'], how: nobodyThere },
  'ingress-rules': { functions: ['ingressRules'], how: passes },
  'destination-check': { functions: ['destinationCheck'], how: passes },
  'translate-port': { functions: ['translatePort'], how: passes },
  deliver: { functions: ['deliver'], how: accepts('deliver') },
}

/** Breaks a stage of the model, for the rest of this process. Throws where there is no such stage. */
export function breakStage(stage: Stage): void {
  const broken = BREAKS[stage]
  if (!broken) throw new Error(`there is no stage ${stage}; there are ${Object.keys(BREAKS).join(', ')}`)
  let found = 0
  for (const sequence of Object.values(SEQUENCES) as StageFunction[][]) {
    for (const [at, run] of sequence.entries()) {
      if (!broken.functions.includes(run.name)) continue
      sequence[at] = broken.how(run)
      found++
    }
  }
  if (found === 0) throw new Error(`no function of ${stage} is in the sequences`)
}

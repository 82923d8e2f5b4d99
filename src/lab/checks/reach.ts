/** Whether one end reaches the other: by the analyzer, by a packet, or by both, which then have to agree. */
import { explainOn } from '../../cli/explain-ask.ts'
import type { Explanation } from '../../check/explanation.ts'
import { trafficOf } from '../../check/traffic.ts'
import type { ExplainLook, ReachLook, Traffic } from '../format/lab.ts'
import { isVia, type Looker, type Seen, type Sight } from './look.ts'
import { sendPacket } from './wire.ts'

export const reach: Looker<ReachLook> = async (look, sight) => {
  const asked = { ...look, from: sight.names.text(look.from), to: sight.names.text(look.to) }
  const explanation = await explanationOf(asked, sight)
  const model = judged(asked, explanation, sight)
  if (!look.judges.includes('wire')) return model
  // Words and sentences are the model's even where it is not asked to judge.
  const packet = await sendPacket(asked, sight)
  const wireHolds = packet.answered === (look.expect === 'reachable')
  const { evidence } = packet
  if (!look.judges.includes('model')) return { ...model, holds: wireHolds, evidence }
  // Of what arrives in part, one packet may do either.
  if (explanation.verdict !== 'partly' && isReachable(explanation) !== packet.answered)
    return { holds: false, words: disagreement(packet.answered), evidence }
  return { ...model, holds: model.holds && wireHolds, evidence }
}

/** Whether the analyzer names a code. */
export const explains: Looker<ExplainLook> = async (look, sight) => {
  const asked = { ...look, from: sight.names.text(look.from), to: sight.names.text(look.to) }
  const explanation = await explanationOf(asked, sight)
  const codes = explanation.way.blockers.flatMap(({ code, also }) => [code, ...also])
  return { holds: codes.includes(look.code), ...said(explanation) }
}

const explanationOf = ({ from, to, protocol, ports }: Traffic, { session }: Sight): Promise<Explanation> =>
  explainOn(session, { from, to, traffic: trafficOf(protocol, ports) })

const isReachable = ({ verdict }: Explanation): boolean => verdict === 'reachable'

const disagreement = (answered: boolean): string =>
  `The packet ${answered ? 'was' : 'was not'} answered, and the model says otherwise: a change may still be under way.`

function judged(look: ReachLook, explanation: Explanation, sight: Sight): Seen {
  const seen = said(explanation)
  if (look.expect === 'unreachable')
    return { holds: explanation.verdict === 'unreachable' && isStopped(look, explanation, sight), ...seen }
  if (!isReachable(explanation)) return { holds: false, ...seen }
  const leads = look.via === undefined || leadsVia(explanation, sight.names.text(look.via))
  return leads
    ? { holds: true, ...seen }
    : { holds: false, words: `${seen.why} The way does not lead over ${look.via}.` }
}

const leadsVia = ({ way }: Explanation, via: string): boolean => way.request.some(({ id }) => isVia(id, via))

type Blocker = Explanation['way']['blockers'][number]

/** What a blocker is. */
const IS: Readonly<Record<NonNullable<ReachLook['by']>, (blocker: Blocker) => boolean>> = {
  'security-group': ({ origin }) => origin.resource.startsWith('sg-'),
  'network-acl': ({ origin }) => origin.resource.startsWith('acl-'),
  'route-table': ({ origin, remedy }) => origin.resource.startsWith('rtb-') || remedy.kind === 'route',
  peering: ({ origin, remedy }) => origin.resource.startsWith('pcx-') || remedy.kind === 'peering',
  'public-address': ({ remedy }) => remedy.kind === 'public-address',
}

function isStopped({ by, on }: ReachLook, { way }: Explanation, { names }: Sight): boolean {
  const whose = on === undefined ? undefined : names.text(on)
  return way.blockers.some(
    (blocker) =>
      (by === undefined || IS[by](blocker)) &&
      (whose === undefined || [blocker.node, blocker.at, ...blocker.origin.resource.split(',')].includes(whose)),
  )
}

/** The answer and what is in the way; and with that, the calls that mend it. */
function said({ headline, way, fixes }: Explanation): { readonly words: string; readonly why: string } {
  const [fix] = fixes
  const commands = fix?.calls.map(({ command }) => `  ${command}`) ?? []
  const mending = commands.length > 0 ? ['This mends it:', ...commands] : []
  const why = [headline, ...way.blockers.map(({ sentence }) => sentence)]
  return { words: [...why, ...mending].join('\n'), why: why.join('\n') }
}

/** The answer in one sentence: who reaches whom with what, or how much is in the way. */
import type { State } from '../../ec2/state.ts'
import type { Network } from '../../network/network.ts'
import type { Answer } from '../answer.ts'
import type { End } from '../question.ts'
import { distinct } from '../search.ts'
import { hostName, ownerOf, short } from './names.ts'
import { trafficText } from './traffic.ts'

/** `web`, `10.2.11.172`, `the internet`. */
export function endText(state: State, network: Network, end: End): string {
  if (end.kind === 'internet') return end.prefix === undefined ? 'the internet' : `${end.prefix} on the internet`
  if (end.kind === 'address') return ownerOf(state, network, end.address) ?? end.address
  return end.kind === 'network-interface' ? hostName(state, network, end.id) : short(state, end.id)
}

/** The answer's first line. */
export function headline(state: State, network: Network, { question, verdict, way }: Answer): string {
  const from = endText(state, network, question.from)
  const to = endText(state, network, question.to)
  const what = trafficText(question.traffic)
  const ping = what === 'ping'
  const count = distinct(way.blockers).length
  const inTheWay = `: ${count === 1 ? 'one setting is' : `${count} settings are`} in the way.`
  if (verdict === 'reachable')
    return ping ? `${from} can ping ${to}.` : `${from} reaches ${to} with ${what}, and gets the replies.`
  if (verdict === 'partly') return `${from} reaches ${to} with a part of ${what} only.`
  const can = ping ? `${from} can not ping ${to}` : `${from} does not reach ${to} with ${what}`
  return `${can}${way.complete ? inTheWay : ', and no setting of the network can change that.'}`
}

/** Words → ends of questions: one thing for `explain`, and a tag, a block or a relation as all that it holds. */
import type { End } from '../analyzer/question.ts'
import type { NetworkInterface } from '../ec2/network-interface.ts'
import type { State } from '../ec2/state.ts'
import { parseIp } from '../ip/address.ts'
import { contains, isPrivate, baseOf, type Prefix, parsePrefix } from '../ip/prefix.ts'
import { matching, NameError, only, type Scope, tagged } from './names.ts'

/** How `explain` is asked: one instance, interface, address, gateway or peering, or the internet. Throws NameError. */
export function endOf(state: State, word: string, scope: Scope): End {
  const [end, ...others] = endsOf(state, word, scope)
  if (end && others.length === 0) return end
  throw new NameError(`${word} means ${others.length + 1} things, and one is asked for.`)
}

type Found = End[] | undefined

/** Each form of a word, and what it means; undefined where the word has another form. */
type Form = (state: State, word: string, scope: Scope) => Found

const instances = (ids: readonly string[]): End[] => ids.map((id) => ({ kind: 'instance', id }))

const internet: Form = (_, word) => (word === 'internet' ? [{ kind: 'internet' }] : undefined)

const address: Form = (_, word) => {
  const parsed = parseIp(word)
  return parsed && [{ kind: 'address', address: parsed }]
}

/** Those who have an address in the block; a public block that nobody here has is a part of the internet. */
const block: Form = (state, word) => {
  const prefix = parsePrefix(word)
  if (!prefix) return undefined
  const within = [...state.all('network-interface')].filter((eni) => holds(eni, prefix))
  if (within.length > 0) return within.map(hostOf)
  if (!isPrivate(baseOf(prefix))) return [{ kind: 'internet', prefix }]
  throw new NameError(`Nobody has an address in ${prefix}.`)
}

const holds = (eni: NetworkInterface, prefix: Prefix): boolean =>
  eni.privateIpAddresses.some((ip) => contains(prefix, ip))

const hostOf = (eni: NetworkInterface): End => ({ kind: 'network-interface', id: eni.id })

/** `Name=web`, `tag:Team=shop`. */
const tag: Form = (state, word) => {
  const [, key, value] = /^(?:tag:)?([^=\s]+)=(.+)$/.exec(word) ?? []
  if (key === undefined || value === undefined) return undefined
  const found = [
    ...instances(tagged(state, 'instance', key, value).map(({ id }) => id)),
    ...tagged(state, 'network-interface', key, value).map(hostOf),
  ]
  if (found.length > 0) return found
  throw new NameError(`No instance has the tag ${key}=${value}.`)
}

/** `vpc shop`, `subnet public`, `group sg-web`, each also as `instances in ...`. */
const relation: Form = (state, word, scope) => {
  const [, kind, name] = /^(?:instances? (?:in|of) )?(vpc|subnet|group|security group) (.+)$/.exec(word) ?? []
  if (kind === undefined || name === undefined) return undefined
  const found = MEMBERS[kind]?.(state, name, scope) ?? []
  if (found.length > 0) return found.map(hostOf)
  throw new NameError(`There is no instance in ${kind} ${name}.`)
}

type Members = (state: State, name: string, scope: Scope) => readonly NetworkInterface[]

const groupMembers: Members = (state, name, scope) =>
  state.where('network-interface', 'groupIds', only(state, 'security-group', 'security group', name, scope).id)

const MEMBERS: Readonly<Record<string, Members>> = {
  vpc: (state, name, scope) => state.where('network-interface', 'vpcId', only(state, 'vpc', 'VPC', name, scope).id),
  subnet: (state, name, scope) =>
    state.where('network-interface', 'subnetId', only(state, 'subnet', 'subnet', name, scope).id),
  group: groupMembers,
  'security group': groupMembers,
}

/** Ids of gateways, peerings and interfaces, and their beginnings. */
const OTHERS = [
  ['igw-', 'internet-gateway', 'internet gateway'],
  ['pcx-', 'vpc-peering-connection', 'peering connection'],
  ['eni-', 'network-interface', 'network interface'],
] as const

const other: Form = (state, word, scope) => {
  const found = OTHERS.find(([begin]) => word.startsWith(begin))
  if (!found) return undefined
  const [, kind, noun] = found
  return [{ kind, id: only(state, kind, noun, word, scope).id }]
}

/** A Name, an id or its beginning: an instance, or else a gateway or peering of that Name. */
const named: Form = (state, word, scope) => {
  if (matching(state, 'instance', word, scope).length === 0) {
    for (const [, kind] of OTHERS) {
      const [one, ...more] = matching(state, kind, word, scope)
      if (one && more.length === 0) return [{ kind, id: one.id }]
    }
  }
  return instances([only(state, 'instance', 'instance', word, scope).id])
}

const FORMS: readonly Form[] = [internet, address, block, relation, other, tag, named]

/** All that a word means, at least one end. Throws NameError. */
export function endsOf(state: State, word: string, scope: Scope): End[] {
  for (const form of FORMS) {
    const found = form(state, word, scope)
    if (found) return found
  }
  throw new NameError(`There is no ${word}.`)
}

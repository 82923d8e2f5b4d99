/** The ends of a ping: which instance or address a word means. */
import { parseIp } from '../ip/address.ts'
import type { Instance } from './inventory.ts'
import { Failure } from './failure.ts'
import type { Named } from '../check/named.ts'
import { findNamed } from './names.ts'

/** The node that stands for the internet, and the address of a host there that answers. */
export const internet = { node: 'internet', address: '203.0.113.10' } as const

/** Instances go by their addresses, too. */
const named = (instances: readonly Instance[]): (Instance & Named)[] =>
  instances.map((instance) => ({
    ...instance,
    aliases: [instance.privateIp, instance.publicIp].filter((address) => address !== ''),
  }))

/** The instance that a word means. Throws UsageFailure where it is none or several. */
export const instanceNamed = (instances: readonly Instance[], word: string): Instance =>
  findNamed('instance', named(instances), word)

/** As `instanceNamed`; throws Failure where it does not run. */
export function runningInstance(instances: readonly Instance[], word: string): Instance {
  const instance = instanceNamed(instances, word)
  if (instance.state === 'running') return instance
  throw new Failure(`${instance.name || instance.id} is ${instance.state}: only a running instance can do that.`)
}

/** The node a word means: an instance's id or the internet. */
export const nodeOf = (instances: readonly Instance[], word: string): string =>
  word === internet.node ? internet.node : runningInstance(instances, word).id

/** The address under which `from` reaches what a word means. Throws as `runningInstance`. */
export function addressOf(instances: readonly Instance[], word: string, from: string): string {
  if (word === internet.node) return internet.address
  const literal = parseIp(word)
  if (literal) return literal
  const instance = instanceNamed(instances, word)
  if (from !== internet.node) return instance.privateIp
  if (instance.publicIp) return instance.publicIp
  const who = instance.name || instance.id
  throw new Failure(`${who} has no public address to reach it from the internet: give it an Elastic IP.`)
}

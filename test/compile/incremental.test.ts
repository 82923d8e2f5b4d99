import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compile } from '../../src/compile/compile.ts'
import { IncrementalCompile, type Step } from '../../src/compile/incremental.ts'
import { type Change, Draft } from '../../src/ec2/state.ts'
import { groupsOf } from '../../src/network/groups.ts'
import type { Network } from '../../src/network/network.ts'
import { detached } from '../../src/network/patch.ts'
import { random as randomOf } from '../differential/random.ts'
import { laidOut } from './laid-out.ts'
import { randomCall } from './random-calls.ts'

/** A world whose commits are followed. */
function followed(onStep: (step: Step) => void = () => {}, w = laidOut()) {
  const incremental = new IncrementalCompile(w.records)
  const accept = w.records.accept.bind(w.records)
  w.records.accept = (changes: readonly Change[]) => {
    accept(changes)
    onStep(incremental.update(changes))
  }
  return { ...w, incremental }
}

/** As plain data, in the order in which it is walked through. */
const plain = ({ nodes, segments, interfaces, tables, ruleSets, addressSets, ...lists }: Network) => ({
  maps: [nodes, segments, interfaces, tables, ruleSets, addressSets].map((map) => [...map.entries()]),
  lists,
})

const groups = (network: Network) =>
  Object.fromEntries(Object.entries(groupsOf(network)).map(([name, map]) => [name, [...map.entries()]]))

const runs = { numRuns: 20, seed: 4 }

test('after any calls the network is the one that a whole compile makes, in every order there is', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 120 }), (seed, count) => {
      const random = randomOf(seed)
      const w = followed()
      for (let i = 0; i < count; i++) {
        randomCall(w, random)
        const whole = compile(w.records)
        assert.deepEqual(plain(w.incremental.network), plain(whole))
        assert.deepEqual(groups(w.incremental.network), groups(whole))
      }
    }),
    runs,
  )
})

test('an earlier network stays as it was, and each can be read when the others have been', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = randomOf(seed)
      const steps: { readonly network: Network; readonly as: unknown }[] = []
      const w = followed(({ network }) => steps.push({ network, as: plain(compile(w.records)) }))
      for (let i = 0; i < 60; i++) randomCall(w, random)
      for (let i = 0; i < 10 && steps.length > 0; i++) {
        const { network, as } = random.pick(steps)
        assert.deepEqual(plain(network), as)
      }
    }),
    runs,
  )
})

test('a detached network is plain data, equal to that of a whole compile, and of the same lists', () => {
  const w = followed()
  w.call('CreateVpc', { CidrBlock: '10.7.0.0/16' })
  const { network } = w.incremental
  assert.deepEqual(detached(network), compile(w.records))
  assert.equal(detached(network), detached(network))
  assert.equal(groupsOf(detached(network)).rules, groupsOf(network).rules)
})

test('what is supposed shows in a network of its own, and nothing of it stays', () => {
  const w = followed()
  const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const before = plain(w.incremental.network)
  const draft = new Draft(w.records)
  const vpc = draft.get('vpc', VpcId)
  assert.ok(vpc)
  draft.put('vpc', { ...vpc, enableDnsSupport: false })
  const { network, difference } = w.incremental.suppose(draft)
  assert.deepEqual(plain(network), plain(compile(draft)))
  assert.deepEqual([difference.removed.length, difference.added.length], [2, 0])
  assert.deepEqual(plain(w.incremental.network), before)
  w.call('ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: false } })
  assert.deepEqual(plain(w.incremental.network), plain(compile(w.records)))
})

test('lists that nothing has changed in stay the same lists, and a change of tags is no change at all', () => {
  const steps: Step[] = []
  const w = followed((step) => steps.push(step))
  const VpcId = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const made = (GroupName: string) =>
    w.call('CreateSecurityGroup', { VpcId, GroupName, Description: 'x' }).GroupId ?? ''
  const [web, db] = [made('web'), made('db')]
  const open = (GroupId: string) =>
    w.call('AuthorizeSecurityGroupIngress', {
      GroupId,
      IpProtocol: 'tcp',
      FromPort: 80,
      ToPort: 80,
      CidrIp: '10.0.0.0/8',
    })
  open(web)
  open(db)
  const before = groupsOf(w.incremental.network)
  const { network } = w.incremental
  w.call('AuthorizeSecurityGroupIngress', { GroupId: web, IpProtocol: '-1', CidrIp: '10.0.0.0/8' })
  const after = groupsOf(w.incremental.network)
  assert.notEqual(after.rules.get(`${web}/ingress`), before.rules.get(`${web}/ingress`))
  assert.equal(after.rules.get(`${db}/ingress`), before.rules.get(`${db}/ingress`))
  assert.equal(after.rules.get(`${web}/egress`), before.rules.get(`${web}/egress`))
  assert.equal(after.routes, before.routes)
  assert.equal(w.incremental.network.interfaces, network.interfaces)
  const last = w.incremental.network
  w.call('CreateTags', { Resources: [web], Tags: [{ Key: 'a', Value: 'b' }] })
  assert.equal(w.incremental.network, last)
  assert.deepEqual(steps.at(-1)?.difference, { removed: [], added: [] })
})

/** What is kept from one render to the next never shows: the answer is that of a render that has nothing kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { compile } from '../../src/compile/compile.ts'
import { IncrementalCompile } from '../../src/compile/incremental.ts'
import type { Change } from '../../src/ec2/state.ts'
import type { Desired, Found } from '../../src/engines/linux/desired.ts'
import { linksOf } from '../../src/engines/linux/desired.ts'
import { isEmpty, plan } from '../../src/engines/linux/diff.ts'
import { tableHash } from '../../src/engines/linux/memory.ts'
import { render } from '../../src/engines/linux/render.ts'
import { ip } from '../../src/ip/address.ts'
import { prefix } from '../../src/ip/prefix.ts'
import type { Network } from '../../src/network/network.ts'
import { detached } from '../../src/network/patch.ts'
import { laidOut } from '../compile/laid-out.ts'
import { randomCall } from '../compile/random-calls.ts'
import { random as randomOf } from '../differential/random.ts'

const hostLink = { pool: prefix('198.51.100.0/24'), hostAddress: ip('198.51.100.1') }
const rendered = (network: Network): Desired => render(network, { tag: 't', hostLink })

/** Without identity, and without order where none is meant. */
const plain = ({ namespaces, links, kept, comments }: Desired) => ({
  namespaces: sorted([...namespaces].map(([name, { nft, ...rest }]) => [name, rest, nft && tableOf(nft)])),
  links: sorted([...links]),
  kept,
  comments: sorted([...comments]),
})
const tableOf = ({ sets, timeouts, chains }: NonNullable<Found['nft']>) => ({
  sets: sorted([...sets].map(([name, set]) => [name, { ...set, elements: sorted([...set.elements]) }])),
  timeouts: sorted([...timeouts]),
  chains: sorted([...chains]),
})
const sorted = (items: readonly unknown[]) => items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

/** All in force, as the machine knows it then. */
const inForce = (want: Desired): Map<string, Found> =>
  new Map(
    [...want.namespaces].map(([name, as]): [string, Found] => [
      name,
      { ...as, links: linksOf(want).get(name) ?? new Map(), loopback: true, nft: as.nft, as },
    ]),
  )
/** The same, known by its contents alone. */
const without = (have: ReadonlyMap<string, Found>): Map<string, Found> =>
  new Map([...have].map(([name, { as: _, ...found }]) => [name, { ...found, links: new Map(found.links) }]))

const runs = { numRuns: 15, seed: 11 }

test('after any calls a render is that of a network made from nothing, and so is what has to be done for it', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 80 }), (seed, count) => {
      const random = randomOf(seed)
      const w = laidOut()
      const incremental = new IncrementalCompile(w.records)
      const accept = w.records.accept.bind(w.records)
      w.records.accept = (changes: readonly Change[]) => {
        accept(changes)
        incremental.update(changes)
      }
      let before = rendered(detached(incremental.network))
      for (let i = 0; i < count; i++) {
        randomCall(w, random)
        const kept = rendered(detached(incremental.network))
        // Its facts are new objects: nothing that is kept is known by them.
        const fresh = rendered(structuredClone(compile(w.records)))
        assert.deepEqual(plain(kept), plain(fresh))
        for (const [name, { nft }] of kept.namespaces) {
          const other = fresh.namespaces.get(name)?.nft
          if (nft && other) assert.equal(tableHash(nft), tableHash(other))
        }
        assert.deepEqual(plan(inForce(before), kept), plan(without(inForce(before)), kept))
        assert.ok(isEmpty(plan(inForce(kept), fresh)))
        before = kept
      }
    }),
    runs,
  )
})

test('a namespace of which nothing has changed is the same one, and is not looked at', () => {
  const w = laidOut()
  const incremental = new IncrementalCompile(w.records)
  const before = rendered(detached(incremental.network))
  const accept = w.records.accept.bind(w.records)
  w.records.accept = (changes: readonly Change[]) => {
    accept(changes)
    incremental.update(changes)
  }
  const [group] = [...w.records.all('security-group')].filter(({ groupName }) => groupName === 'web')
  w.call('AuthorizeSecurityGroupIngress', {
    GroupId: group?.id ?? '',
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    CidrIp: '10.0.0.0/8',
  })
  const after = rendered(detached(incremental.network))
  const changed = [...after.namespaces].filter(([name, one]) => one !== before.namespaces.get(name))
  assert.deepEqual(
    changed.map(([, { node }]) => node),
    [group?.vpcId],
  )
  assert.equal(after.links, before.links)
  const steps = plan(inForce(before), after)
  assert.deepEqual([...steps.changes.keys()], [`t-${group?.vpcId}`])
})

/** What an answer supposes is what AWS would make of it: its MTU, and whether it could be made at all. */
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Bench, bench, CALLER } from '../../scenarios/bench.ts'
import { builder, type Instance } from '../../scenarios/builder.ts'
import { type Stage, stage } from '../../scenarios/scenario.ts'
import { explain } from '../../src/analyzer/explain.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'

let b: Bench
let s: Stage
beforeEach(() => {
  b = bench((services) => simulator({ services }))
  s = stage(b)
})
afterEach(() => b.close())

async function remedies(from: Instance, to: Instance, length: number) {
  const network = await b.catchUp()
  const { way } = explain(b.plane.state, network, {
    from: { kind: 'instance', id: from.id },
    to: { kind: 'instance', id: to.id },
    traffic: { protocol: 1, length },
  })
  return { complete: way.complete, remedies: way.blockers.map(({ remedy }) => remedy) }
}

describe('a peering that is not there', () => {
  test('M1, X13: between Regions it would carry 8,500 bytes, within a Region 9,001', async () => {
    const west = builder(b, { ...CALLER, region: 'us-west-2' })
    const [a, c, w] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16'), west.vpc('10.3.0.0/16')]
    const groups = [s.group(a, ['all 0.0.0.0/0'])]
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'), { groups })
    const near = await s.instance(s.subnet(c, '10.2.0.0/20'), { groups: [s.group(c, ['all 0.0.0.0/0'])] })
    const far = await west.instance(west.subnet(w, '10.3.0.0/20'), { groups: [west.group(w, ['all 0.0.0.0/0'])] })
    const kinds = async (to: Instance, length: number) => {
      const found = (await remedies(one, to, length)).remedies
      return found.map((remedy) => (remedy.kind === 'smaller' ? `smaller ${remedy.mtu}` : remedy.kind))
    }
    assert.deepEqual(await kinds(near, 8700), ['route', 'peering', 'route'])
    assert.deepEqual(await kinds(far, 8500), ['route', 'peering', 'route'])
    assert.deepEqual(await kinds(far, 8700), ['route', 'peering', 'smaller 8500', 'route'])
  })

  test('D02: VPCs of which any blocks overlap are never peered, also where no subnet is', async () => {
    const [a, c] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16')]
    const one = await s.instance(s.subnet(a, '10.1.0.0/20'))
    const two = await s.instance(s.subnet(c, '10.2.0.0/20'))
    assert.ok((await remedies(one, two, 100)).remedies.some(({ kind }) => kind === 'peering'))
    b.call('AssociateVpcCidrBlock', { VpcId: a.id, CidrBlock: '100.64.0.0/24' })
    b.call('AssociateVpcCidrBlock', { VpcId: c.id, CidrBlock: '100.64.0.0/25' })
    const overlapping = await remedies(one, two, 100)
    assert.equal(overlapping.complete, false)
    assert.ok(!overlapping.remedies.some(({ kind }) => kind === 'peering'))
  })
})

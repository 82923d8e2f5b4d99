/** G10 in the kernel: an uplink that is shut to addresses judges by two maps; one that is not has nothing of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { render } from '../../src/engines/linux/render.ts'
import { must, place } from '../ec2/place.ts'

test('G10: the gates of an uplink name whom it is shut to, and nothing of it is there while it is open', () => {
  const p = place()
  const instance = p.running()
  p.call('AssociateAddress', { AllocationId: p.elastic(), InstanceId: instance })
  const table = () => {
    const desired = render(compile(p.records), { tag: 't' })
    const nft = must([...desired.namespaces.values()].find(({ node }) => node === p.vpcId)?.nft)
    const rules = (start: string) => must([...nft.chains].find(([name]) => name.startsWith(start)))[1].rules
    const maps = [...nft.sets].flatMap(([name, { elements }]) =>
      name.startsWith('uplink-shut-') ? [[name.replace(/-[0-9a-f]+$/, ''), [...elements]] as const] : [],
    )
    const all = [...nft.chains.values()].flatMap((chain) => chain.rules)
    return { in: rules('uplink-in-'), out: rules('uplink-out-'), maps: Object.fromEntries(maps), all }
  }
  const open = table()
  assert.deepEqual(open.maps, {})
  assert.ok(!open.all.some((rule) => rule.includes('VPC_BLOCK_PUBLIC_ACCESS_ENABLED')))

  p.call('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-ingress' })
  const shut = table()
  const { PrivateIpAddress, PublicIpAddress } = p.see(instance)
  assert.match(must(shut.out[0]), /^ip saddr vmap @uplink-shut-out-/)
  assert.match(must(shut.in.at(-1)), /^ip daddr vmap @uplink-shut-in-/)
  assert.deepEqual([shut.out.slice(1), shut.in.slice(0, -1)], [open.out, open.in])
  assert.deepEqual(
    Object.entries(shut.maps).map(([name, elements]) => [name, elements.map(([key]) => key)]),
    [
      ['uplink-shut-in', [PublicIpAddress]],
      ['uplink-shut-out', [PrivateIpAddress]],
    ],
  )
  const drop = `counter drop comment "${p.subnetId}|block-public-access|VPC_BLOCK_PUBLIC_ACCESS_ENABLED"`
  assert.equal(shut.all.filter((rule) => rule === drop).length, 2)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { world } from '../ec2/world.ts'

function laid(CidrBlock: string) {
  const w = world()
  const VpcId = w.call('CreateVpc', { CidrBlock }).Vpc?.VpcId ?? ''
  const services = () => compile(w.records).services.map(({ kind, address }) => `${kind} ${address}`)
  return { ...w, VpcId, services }
}

test('P6: a VPC serves metadata, and names at 169.254.169.253 and its base plus two', () => {
  const { services, VpcId, records } = laid('10.1.16.0/20')
  assert.deepEqual(services().toSorted(), ['dns 10.1.16.2', 'dns 169.254.169.253', 'metadata 169.254.169.254'])
  for (const { node, origin } of compile(records).services) {
    assert.equal(node, VpcId)
    assert.equal(origin.resource, VpcId)
  }
})

test('P6: the base is that of the primary block', () => {
  const { call, services, VpcId } = laid('10.4.0.0/16')
  const before = services()
  call('AssociateVpcCidrBlock', { VpcId, CidrBlock: '10.3.0.0/16' })
  assert.deepEqual(services(), before)
})

test('without enableDnsSupport there are no names, and metadata stays', () => {
  const { call, services, VpcId } = laid('10.1.0.0/16')
  call('ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: false } })
  assert.deepEqual(services(), ['metadata 169.254.169.254'])
  call('ModifyVpcAttribute', { VpcId, EnableDnsSupport: { Value: true } })
  assert.equal(services().length, 3)
})

test('P7: each route table of a VPC drops what is for the link-local services', () => {
  const { call, VpcId, records } = laid('10.1.0.0/16')
  call('CreateRouteTable', { VpcId })
  const drops = compile(records).routes.filter((r) => r.prefix === '169.254.168.0/22')
  assert.equal(drops.length, 2)
  assert.ok(drops.every((r) => r.nextHop.kind === 'blackhole'))
  const shown = call('DescribeRouteTables', {}).RouteTables?.flatMap((t) => t.Routes ?? []) ?? []
  assert.deepEqual(
    shown.map((r) => r.DestinationCidrBlock),
    ['10.1.0.0/16', '10.1.0.0/16'],
    'and shows no such route',
  )
})

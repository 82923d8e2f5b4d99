/** The drawing of what there is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawMap } from '../../src/cli/draw-map.ts'
import type { Inventory } from '../../src/cli/inventory.ts'

const empty: Inventory = {
  region: 'us-east-1',
  vpcs: [],
  subnets: [],
  routeTables: [],
  gateways: [],
  peerings: [],
  instances: [],
}
const local = { destination: '10.1.0.0/16', target: 'local', state: 'active' }
const lab: Inventory = {
  ...empty,
  vpcs: [
    { id: 'vpc-1', name: 'one-vpc', cidrs: ['10.1.0.0/16', '10.5.0.0/24'], isDefault: false },
    { id: 'vpc-2', name: '', cidrs: ['10.2.0.0/16'], isDefault: false },
    { id: 'vpc-9', name: '', cidrs: ['172.31.0.0/16'], isDefault: true },
  ],
  subnets: [
    { id: 'subnet-2', name: 'b', vpcId: 'vpc-1', cidr: '10.1.128.0/20', zone: 'us-east-1a' },
    { id: 'subnet-1', name: 'a', vpcId: 'vpc-1', cidr: '10.1.16.0/20', zone: 'us-east-1a' },
  ],
  routeTables: [
    {
      id: 'rtb-2',
      name: 'public',
      vpcId: 'vpc-1',
      main: false,
      subnetIds: ['subnet-1'],
      routes: [local, { destination: '10.2.0.0/16', target: 'pcx-1', state: 'blackhole' }],
    },
    { id: 'rtb-1', name: '', vpcId: 'vpc-1', main: true, subnetIds: [], routes: [local] },
  ],
  gateways: [{ id: 'igw-1', name: 'way-out', vpcId: 'vpc-1' }],
  peerings: [
    { id: 'pcx-1', name: 'VPC 1 <> VPC 2', status: 'active', requester: 'vpc-1', accepter: 'vpc-2' },
    { id: 'pcx-2', name: '', status: 'deleted', requester: 'vpc-1', accepter: 'vpc-2' },
  ],
  instances: [
    {
      id: 'i-1',
      name: 'web',
      state: 'running',
      vpcId: 'vpc-1',
      subnetId: 'subnet-1',
      privateIp: '10.1.16.4',
      publicIp: '198.18.0.9',
    },
  ],
}

test('A2: the map shows VPCs, subnets, instances, tables with routes and their states, gateways and peerings', () => {
  assert.equal(
    drawMap(lab, { all: false }),
    `Region us-east-1

VPC one-vpc (vpc-1) 10.1.0.0/16, 10.5.0.0/24
├─ Subnet a (subnet-1) 10.1.16.0/20 in us-east-1a · routed by public
│  └─ Instance web (i-1) 10.1.16.4, public 198.18.0.9 · running
├─ Subnet b (subnet-2) 10.1.128.0/20 in us-east-1a · routed by rtb-1
├─ Route table rtb-1 · main
│  └─ 10.1.0.0/16 → local
├─ Route table public (rtb-2)
│  ├─ 10.1.0.0/16 → local
│  └─ 10.2.0.0/16 → VPC 1 <> VPC 2 (pcx-1) · blackhole
└─ Internet gateway way-out (igw-1)

VPC vpc-2 10.2.0.0/16

Peering connections
  one-vpc ⇄ vpc-2 · VPC 1 <> VPC 2 (pcx-1) · active

The default VPC is not shown; --all shows it.`,
  )
})

test('--all shows the unused default VPC and peerings that are over', () => {
  const drawing = drawMap(lab, { all: true })
  assert.match(drawing, /Default VPC vpc-9/)
  assert.match(drawing, /pcx-2 · deleted/)
})

test('a default VPC with an instance is shown', () => {
  const used = { ...lab, instances: lab.instances.map((one) => ({ ...one, vpcId: 'vpc-9' })) }
  assert.match(drawMap(used, { all: false }), /Default VPC vpc-9/)
})

test('where nothing is, the map says how to begin', () => {
  assert.match(drawMap(empty, { all: false }), /isthmus create vpc/)
})

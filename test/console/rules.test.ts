/** What the forms of rules, entries and routes read and plan, without a browser. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commandsOf } from '../../src/console/api/command.ts'
import { aclAssociations, entryAddition, entryChange } from '../../src/console/cards/acl-plans.ts'
import { ruleChange } from '../../src/console/cards/group-plans.ts'
import { proposalsOf, setMain, subnetAssociations } from '../../src/console/cards/route-plans.ts'
import { trafficOf, trafficText, typedOf } from '../../src/console/cards/traffic.ts'
import { TRAFFIC_TYPES } from '../../src/console/cards/traffic-types.ts'
import type { Acl, Entry } from '../../src/console/estate/estate.ts'
import { replaced } from '../../src/console/estate/few.ts'
import { pinched } from '../../src/console/map/view.ts'
import { planned } from '../../src/wizard/planned-call.ts'
import { lab } from './estate.ts'

describe('the traffic of a rule', () => {
  test('is read as it is typed: each type comes back as itself', () => {
    const details = { ports: '8000-8100', icmp: '3/4', protocol: '50' }
    for (const { id, asks } of TRAFFIC_TYPES) {
      const typed = { type: id, detail: asks ? details[asks] : '' }
      assert.deepEqual(typedOf(trafficOf(typed)), typed, id)
    }
  })

  test('has the name of AWS’s console', () => {
    const names = [
      [{ protocol: 'tcp', from: 22, to: 22 }, 'SSH'],
      [{ protocol: 'udp', from: 53, to: 53 }, 'DNS (UDP)'],
      [{ protocol: 'icmp', from: -1, to: -1 }, 'All ICMP - IPv4'],
      [{ protocol: 'icmp', from: 8, to: -1 }, 'Custom ICMP - IPv4 8'],
      [{ protocol: 'tcp', from: 0, to: 65535 }, 'All TCP'],
      [{ protocol: 'tcp', from: 22, to: 23 }, 'Custom TCP 22-23'],
      [{ protocol: '47', from: -1, to: -1 }, 'Custom Protocol 47'],
      [{ protocol: '-1', from: -1, to: -1 }, 'All traffic'],
    ] as const
    for (const [traffic, name] of names) assert.equal(trafficText(traffic), name)
  })

  for (const [type, detail] of [
    ['custom-tcp', ''],
    ['custom-tcp', '70000'],
    ['custom-udp', '9-8'],
    ['custom-icmp', 'ping'],
    ['custom-protocol', '256'],
    ['nonsense', ''],
  ] as const)
    test(`is missing something: ${type} ${detail}`, () =>
      assert.throws(() => trafficOf({ type, detail }), /Give|Choose/))
})

const SSH = { protocol: 'tcp', from: 22, to: 22 }
const acl: Acl = { id: 'acl-1', name: '', vpcId: 'vpc-1', isDefault: false, associations: [], entries: [] }
const wish = { number: '100', egress: false, traffic: SSH, peer: '10.1.0.0/16', allow: true }

describe('the entries of a network ACL', () => {
  test('are written as the AWS CLI takes them', () => {
    assert.deepEqual(commandsOf(entryAddition(acl, wish)), [
      'aws ec2 create-network-acl-entry --network-acl-id acl-1 --ingress --rule-number 100 --protocol 6 ' +
        '--port-range From=22,To=22 --cidr-block 10.1.0.0/16 --rule-action allow',
    ])
  })

  test('are replaced under their number, and made anew under another', () => {
    const entry: Entry = { ...SSH, number: 100, egress: false, peer: '0.0.0.0/0', allow: true }
    const actions = (number: string) => entryChange(acl, entry, { ...wish, number }).map(({ action }) => action)
    assert.deepEqual(actions('100'), ['ReplaceNetworkAclEntry'])
    assert.deepEqual(actions('110'), ['DeleteNetworkAclEntry', 'CreateNetworkAclEntry'])
  })

  test('say what is missing', () => {
    assert.throws(() => entryAddition(acl, { ...wish, number: 'first' }), /rule number/)
    assert.throws(() => entryAddition(acl, { ...wish, peer: ' ' }), /block/)
  })

  test('a subnet gets an ACL in the place of the one that it has', () => {
    const estate = lab()
    const [subnet] = estate.subnets
    assert.ok(subnet)
    const old = { ...acl, id: 'acl-old', associations: [{ id: 'aclassoc-1', subnetId: subnet.id }] }
    const calls = aclAssociations({ ...estate, acls: [old, acl] }, acl, [subnet])
    assert.deepEqual(
      calls.map(({ input }) => input),
      [{ AssociationId: 'aclassoc-1', NetworkAclId: 'acl-1' }],
    )
    assert.deepEqual(aclAssociations({ ...estate, acls: [old] }, old, [subnet]), [])
  })
})

test('a rule of a group is changed with its description, which can be taken away', () => {
  const group = { id: 'sg-1', name: '', vpcId: 'vpc-1', groupName: 'web', description: '' }
  const rule = { ...SSH, id: 'sgr-1', egress: false, peer: '10.0.0.0/8', description: 'old' }
  const [call] = ruleChange(group, rule, { traffic: SSH, peer: 'sg-2', description: '' })
  assert.deepEqual(call?.input, {
    GroupId: 'sg-1',
    SecurityGroupRules: [
      {
        SecurityGroupRuleId: 'sgr-1',
        SecurityGroupRule: {
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          ReferencedGroupId: 'sg-2',
          Description: '',
        },
      },
    ],
  })
})

describe('the routes of a peering', () => {
  const [peering] = lab().peerings
  assert.ok(peering)

  test('are proposed for every table that a subnet uses, and for no other', () => {
    const estate = lab()
    const bare = estate.tables.map((table) => ({
      ...table,
      routes: table.routes.filter(({ target }) => target !== 'pcx-1'),
    }))
    const proposals = proposalsOf({ ...estate, tables: bare }, peering)
    assert.deepEqual(
      proposals.map(({ table, destination }) => [table.id, destination]),
      [
        ['rtb-1', '10.2.0.0/16'],
        ['rtb-2', '10.1.0.0/16'],
      ],
    )
    assert.deepEqual(proposalsOf(estate, peering), [], 'none where they are there')
  })

  test('take the place of those of a peering that is gone', () => {
    const estate = lab()
    const [one] = proposalsOf(estate, { ...peering, id: 'pcx-2' })
    assert.equal(one?.old?.target, 'pcx-1')
  })
})

describe('a route table', () => {
  test('gets and loses subnets; a subnet with a table of its own gets this in its place', () => {
    const estate = lab()
    const [main, own] = estate.tables
    assert.ok(main && own)
    const actions = (table: typeof main, wanted: readonly string[]) =>
      subnetAssociations(estate, table, new Set(wanted)).map(({ action }) => action)
    assert.deepEqual(actions(main, ['subnet-1-1']), ['ReplaceRouteTableAssociation'])
    assert.deepEqual(actions(own, []), ['DisassociateRouteTable'])
    assert.throws(() => actions(own, ['subnet-1-1']), /Tick/)
  })

  test('becomes the main one by taking the place of the one that is', () => {
    const estate = lab()
    const [main, own] = estate.tables
    assert.ok(main && own)
    const tables = [{ ...main, mainAssociationId: 'rtbassoc-main' }, own]
    assert.deepEqual(setMain({ ...estate, tables }, own)[0]?.input, {
      AssociationId: 'rtbassoc-main',
      RouteTableId: own.id,
    })
  })
})

test('a launch is one count for the AWS CLI, and its user data is a text', () => {
  const UserData = Buffer.from('#!/bin/sh\necho ä').toString('base64')
  const input = { ImageId: 'ami-1', MinCount: 2, MaxCount: 2, UserData }
  assert.deepEqual(commandsOf([planned('', 'RunInstances', input)]), [
    "aws ec2 run-instances --image-id ami-1 --count 2 --user-data '#!/bin/sh\necho ä'",
  ])
})

test('of the instances that have changed, those that are gone go, new ones come, and the others stay', () => {
  const [one, other] = lab().instances
  assert.ok(one && other)
  const found = [
    { ...other, state: 'stopped' },
    { ...one, id: 'i-new' },
  ]
  assert.deepEqual(
    replaced([one, other], [one.id, other.id, 'i-new'], found).map(({ id, state }) => [id, state]),
    [
      [other.id, 'stopped'],
      ['i-new', 'running'],
    ],
  )
})

describe('fingers on the map', () => {
  const view = { x: 10, y: 20, scale: 1 }

  test('one moves it', () =>
    assert.deepEqual(pinched(view, [{ x: 0, y: 0 }], [{ x: 5, y: -5 }]), { x: 15, y: 15, scale: 1 }))

  test('two zoom it, and what was under them is under them still', () => {
    const from = [
      { x: 100, y: 100 },
      { x: 200, y: 100 },
    ]
    const to = [
      { x: 100, y: 150 },
      { x: 300, y: 150 },
    ]
    const next = pinched(view, from, to)
    assert.equal(next.scale, 2)
    const shown = (at: number, of: typeof view) => (at - of.x) / of.scale
    for (const [i, { x }] of from.entries()) assert.equal(shown(to[i]?.x ?? 0, next), shown(x, view))
  })
})

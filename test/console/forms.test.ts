/** The forms by mouse: each makes what it says, and says AWS's words where it is refused. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { before, describe, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { carryOut, type Made } from '../../src/wizard/planned-call.ts'
import { defaults, vpcAndMore } from '../../src/wizard/vpc-and-more.ts'
import { clientOf, running } from '../server/bench.ts'
import { noBrowser, opened } from './browser.ts'
import { hand } from './hand.ts'

before(() => void execFileSync(fileURLToPath(new URL('../../scripts/prepare', import.meta.url))))

/** A page over the lab's VPCs, and who works there. */
async function workshop(t: TestContext, vpcs = 1) {
  const server = await running(t)
  const client = clientOf(server.endpoint)
  const made: Made[] = []
  for (let n = 1; n <= vpcs; n++) {
    const options = { name: `NextWork-${n}`, cidr: `10.${n}.0.0/16`, zones: ['us-east-1a'] }
    made.push(await carryOut(client, vpcAndMore({ ...defaults, ...options, publicSubnets: 1, privateSubnets: 1 })))
  }
  const window = await opened(server.console)
  t.after(() => window.close())
  const { page } = window
  const person = hand(window)
  await person.box('NextWork-1-vpc').waitFor()
  const id = (name: string, n = 1): string => made[n - 1]?.get(name) ?? ''
  const row = (text: string) => person.panel.locator('tbody tr', { hasText: text }).first()
  const form = person.panel.locator('form').last()
  const submit = (name: string) => form.getByRole('button', { name, exact: true }).click()
  const open = (thing: string) =>
    page
      .locator(`[data-id="${thing}"]`)
      .first()
      .click({ position: { x: 40, y: 12 } })
  return { ...person, ...window, client, id, row, form, submit, card: open }
}

describe('the forms of the console', { skip: noBrowser }, () => {
  test('a network ACL is made, gets entries, changes them, guards a subnet, and goes', async (t) => {
    const { client, card, id, press, type, choose, said, row, submit, form, panel, confirm, faults, picture } =
      await workshop(t)
    await card(id('vpc'))
    await press('Create network ACL')
    await type('Name', 'door')
    await submit('Create network ACL')
    await panel.getByRole('button', { name: 'door', exact: true }).click()
    await panel.getByRole('button', { name: 'Add inbound rule' }).click()
    await choose('Type', /^SSH$/)
    await type('Source', '0.0.0.0/33')
    await submit('Add rule')
    await said('InvalidParameterValue')
    await choose('Source type', /Anywhere-IPv4/)
    await submit('Add rule')
    await row('SSH').getByRole('button', { name: 'Edit rule 100' }).click()
    await choose('Type', /Custom TCP/)
    await type('Port range', '1024-65535')
    await form.getByText('Deny', { exact: true }).click()
    await picture('forms-acl')
    await submit('Save rule')
    await row('1024-65535').getByText('Deny').waitFor()
    const [acl] = (await client.call('DescribeNetworkAcls', { Filters: [{ Name: 'default', Values: ['false'] }] }))
      .NetworkAcls as [
      { NetworkAclId: string; Entries: { RuleNumber: number; Protocol: string; RuleAction: string }[] },
    ]
    assert.deepEqual(
      acl.Entries.filter(({ RuleNumber }) => RuleNumber < 32767).map((e) => [e.RuleNumber, e.Protocol, e.RuleAction]),
      [[100, '6', 'deny']],
    )
    assert.equal(await row('*').getByRole('button').count(), 0, 'the final denial is nobody’s to change')

    await press('Associate subnets')
    await panel.getByLabel(/NextWork-1-subnet-private1/).check()
    await submit('Associate subnets')
    await panel.locator('dd', { hasText: 'NextWork-1-subnet-private1' }).waitFor()
    await press('Delete network ACL')
    await confirm()
    await submit('Delete network ACL')
    await said(`The networkAcl '${acl.NetworkAclId}' has dependencies and cannot be deleted.`)
    await row('1024-65535').getByRole('button', { name: 'Delete rule 100' }).click()
    await row('1024-65535').locator('xpath=following-sibling::tr[1]').getByRole('button', { name: 'Delete' }).click()
    await row('1024-65535').waitFor({ state: 'detached' })
    assert.deepEqual(faults, [])
  })

  test('a group is made, its rules are added, changed and deleted, both ways', async (t) => {
    const { client, card, id, press, type, choose, said, row, submit, panel, faults, picture } = await workshop(t)
    await card(id('vpc'))
    await press('Create security group')
    await type('Security group name', 'web')
    await type('Description', 'for the web')
    await submit('Create security group')
    await panel.getByRole('button', { name: 'web', exact: true }).click()
    await panel.getByRole('button', { name: 'Add inbound rule' }).click()
    await choose('Type', /^HTTP$/)
    await choose('Source type', /Anywhere-IPv4/)
    await type('Description - optional', 'everybody')
    await submit('Add rule')
    await row('everybody').getByRole('button', { name: 'Edit rule HTTP 0.0.0.0/0' }).click()
    await choose('Type', /All ICMP - IPv4/)
    await type('Source', '10.2.0.0/16')
    await type('Description - optional', '')
    await picture('forms-group')
    await submit('Save rule')
    await row('10.2.0.0/16').waitFor()
    const { SecurityGroupRules: rules = [] } = await client.call('DescribeSecurityGroupRules', {})
    const icmp = rules.find(({ CidrIpv4 }) => CidrIpv4 === '10.2.0.0/16')
    assert.deepEqual([icmp?.IpProtocol, icmp?.FromPort, icmp?.Description], ['icmp', -1, undefined])
    await panel.getByRole('button', { name: 'Add inbound rule' }).click()
    await choose('Type', /All ICMP - IPv4/)
    await type('Source', '10.2.0.0/16')
    await submit('Add rule')
    await said('InvalidPermission.Duplicate')
    await press('Cancel')
    await row('All traffic')
      .getByRole('button', { name: /^Delete rule All traffic/ })
      .click()
    await submit('Delete')
    await said('None: nothing is let through.')
    await press('Delete security group')
    await submit('Delete security group')
    await said(/is no longer there/)
    assert.deepEqual(faults, [])
  })

  test('a peering gets the routes of both sides at once, and takes them along where that is wished', async (t) => {
    const { client, card, id, press, type, choose, said, submit, open, panel, confirm, picture } = await workshop(t, 2)
    await open('Peering')
    await choose('VPC ID (Requester)', /NextWork-1/)
    await choose('VPC ID (Accepter)', /NextWork-2/)
    await submit('Create peering connection')
    await press('Accept request')
    await submit('Accept request')
    await said('Modify my route tables now')
    await picture('forms-peering-routes')
    const proposed = panel.getByLabel(/^Destination in/)
    assert.equal(await proposed.count(), 4, 'two tables on each side')
    await type('Destination in NextWork-1-rtb-public', '10.1.0.0/16')
    await press('Modify route tables')
    await said(
      "The destination CIDR block 10.1.0.0/16 is equal to or more specific than one of this VPC's CIDR blocks. " +
        'This route can target only an interface or an instance.',
    )
    await type('Destination in NextWork-1-rtb-public', '10.2.0.0/16')
    await press('Modify route tables')
    await said('Every table that a subnet uses leads to the other side.')
    const routes = async () =>
      ((await client.call('DescribeRouteTables', {})).RouteTables ?? [])
        .flatMap(({ Routes = [] }) => Routes)
        .filter(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId)
        .map(({ DestinationCidrBlock }) => DestinationCidrBlock)
        .toSorted()
    assert.deepEqual(await routes(), ['10.1.0.0/16', '10.1.0.0/16', '10.2.0.0/16', '10.2.0.0/16'])
    await card(id('rtb-public'))
    await panel.getByRole('button', { name: 'Edit the route to 10.2.0.0/16' }).click()
    await choose('New target', /internet gateway/)
    await panel.getByRole('button', { name: 'Save route' }).click()
    await panel.locator('tr', { hasText: '10.2.0.0/16' }).getByText('NextWork-1-igw').waitFor()
    await panel.page().locator('.box.peering').first().click()
    await press('Delete peering connection')
    await panel.getByLabel('Delete related route table entries').check()
    await confirm()
    await submit('Delete peering connection')
    await said(/^delet/)
    await t.test('no route is left', async () => assert.deepEqual(await routes(), []))
  })

  test('a route table gets subnets, becomes the main one, and loses both', async (t) => {
    const { client, card, id, press, type, submit, panel, said, confirm } = await workshop(t)
    await card(id('vpc'))
    await press('Create route table')
    await type('Name', 'spare')
    await submit('Create route table')
    await panel.getByRole('button', { name: 'spare', exact: true }).click()
    await press('Edit subnet associations')
    await panel.getByLabel(/NextWork-1-subnet-private1/).check()
    await submit('Edit subnet associations')
    await panel.locator('dd', { hasText: 'NextWork-1-subnet-private1' }).waitFor()
    await press('Delete route table')
    await confirm()
    await submit('Delete route table')
    await said('DependencyViolation')
    await press('Edit subnet associations')
    await panel.getByLabel(/NextWork-1-subnet-private1/).uncheck()
    await submit('Edit subnet associations')
    await press('Set main route table')
    await submit('Set main route table')
    await panel.locator('.facts > div', { hasText: 'Main' }).getByText('yes').waitFor()
    const { RouteTables = [] } = await client.call('DescribeRouteTables', {
      Filters: [
        { Name: 'vpc-id', Values: [id('vpc')] },
        { Name: 'association.main', Values: ['true'] },
      ],
    })
    assert.equal(RouteTables[0]?.Tags?.[0]?.Value, 'spare')
  })

  test('a launch makes its key pair and its group, and the instance has what was asked for', async (t) => {
    const { client, id, type, choose, said, submit, open, panel, page, press, faults, picture } = await workshop(t)
    await open('Launch instance')
    await type('Name', 'web')
    await choose('Key pair name', /Create new key pair/)
    await type('New key pair name', 'mine')
    const saved = page.waitForEvent('download')
    await submit('Create key pair')
    assert.match(readFileSync(await (await saved).path(), 'utf8'), /^-----BEGIN RSA PRIVATE KEY-----/)
    await choose('Subnet', /NextWork-1-subnet-public1/)
    await choose('Auto-assign public IP', /Enable/)
    await panel.getByText('Create security group', { exact: true }).click()
    await panel.getByLabel('Allow HTTP traffic from the internet').check()
    await panel.getByText('Advanced details').click()
    await type('Primary private IPv4 address', '10.1.0.10')
    await type('User data', '#!/bin/sh\necho "ä"\n')
    await picture('forms-launch')
    await submit('Launch instance')
    await said('running')
    const { Reservations = [] } = await client.call('DescribeInstances', {})
    const one = Reservations[0]?.Instances?.[0]
    assert.deepEqual(
      [one?.KeyName, one?.PrivateIpAddress, one?.SubnetId, one?.SecurityGroups?.[0]?.GroupName],
      ['mine', '10.1.0.10', id('subnet-public1-us-east-1a'), 'launch-wizard-1'],
    )
    assert.ok(one?.PublicIpAddress)
    const InstanceId = one?.InstanceId ?? ''
    const { UserData } = await client.call('DescribeInstanceAttribute', { InstanceId, Attribute: 'userData' })
    assert.equal(Buffer.from(UserData?.Value ?? '', 'base64').toString(), '#!/bin/sh\necho "ä"\n')
    await press('Reboot')
    await submit('Reboot')
    await said('Done.')
    await press('Stop')
    await submit('Stop')
    await said('stopped')
    await press('Start')
    await submit('Start')
    await said('running')
    await press('Terminate')
    await submit('Terminate')
    await said(/is no longer there/)
    assert.deepEqual(faults, [])
  })

  test('gateways come and go: NAT with its address, internet detached, attached again and deleted', async (t) => {
    const { client, card, id, press, submit, said, panel, confirm, choose, open } = await workshop(t)
    await card(id('subnet-public1-us-east-1a'))
    await press('Create NAT gateway')
    await submit('Create NAT gateway')
    await said('NAT gateway')
    await panel.locator('.chip.available').waitFor()
    await press('Delete NAT gateway')
    await confirm()
    await submit('Delete NAT gateway')
    await said(/is no longer there|deleting/)
    await open('Elastic IPs')
    await said(/^Release$/)
    await card(id('igw'))
    await press('Delete internet gateway')
    await confirm()
    await submit('Delete internet gateway')
    await said('DependencyViolation')
    await press('Detach from VPC')
    await submit('Detach from VPC')
    await said('detached')
    await press('Attach to VPC')
    await choose('VPC', /NextWork-1/)
    await submit('Attach to VPC')
    await panel.locator('.chip.available').waitFor()
    await press('Detach from VPC')
    await submit('Detach from VPC')
    await said('detached')
    await press('Delete internet gateway')
    await confirm()
    await submit('Delete internet gateway')
    await said(/is no longer there/)
    const { InternetGateways = [] } = await client.call('DescribeInternetGateways', {})
    assert.ok(!InternetGateways.some(({ InternetGatewayId }) => InternetGatewayId === id('igw')))
  })

  test('Create VPC takes other blocks for its subnets, an IPv6 block, and says what there is not', async (t) => {
    const { client, open, type, choose, panel, said, submit } = await workshop(t)
    await open('Create VPC')
    await type('Name tag auto-generation', 'own')
    await type('IPv4 CIDR block', '10.8.0.0/16')
    await choose('VPC endpoints', /S3 Gateway/)
    await said('S3 endpoints are not part of Isthmus yet: choose none.')
    await choose('VPC endpoints', /None/)
    await choose('IPv6 CIDR block', /Amazon-provided/)
    await panel.getByText('Customize subnet CIDR blocks').click()
    await type('Subnet public1', '10.8.200.0/24')
    await submit('Create VPC')
    await panel.getByText(/^vpc-/).first().waitFor()
    await panel.getByText('own-subnet-public1-us-east-1a').waitFor()
    const { Subnets = [] } = await client.call('DescribeSubnets', {})
    assert.ok(Subnets.some(({ CidrBlock }) => CidrBlock === '10.8.200.0/24'))
    const { Vpcs = [] } = await client.call('DescribeVpcs', {})
    assert.equal(Vpcs.filter(({ Ipv6CidrBlockAssociationSet: six = [] }) => six.length > 0).length, 1)
  })
})

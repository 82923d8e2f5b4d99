/** Terraform builds, finds no drift, changes in place, replaces and destroys every resource, and packets flow. */
import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { execute } from '../../src/client/exec.ts'
import { noKernel } from '../kernel.ts'
import { ask, caughtUp, folder, type Served, served } from '../server/bench.ts'
import { heard } from '../server/instance.ts'
import { inventory } from './inventory.ts'
import { type Change, noTerraform, type Workspace, workspace } from './terraform.ts'

/** More than an account has at first, as the configurations stand beside one another. */
const quotas = { vpcs: 50, internetGateways: 20, elasticIps: 20 }

/** What has to be changed in place at step 2, without being made anew: types of resources. */
const IN_PLACE = [
  ...['vpc', 'vpc_dhcp_options', 'vpc_dhcp_options_association', 'subnet', 'egress_only_internet_gateway'],
  ...['route_table', 'route', 'route_table_association', 'main_route_table_association', 'default_route_table'],
  ...['internet_gateway', 'default_security_group', 'security_group', 'vpc_security_group_ingress_rule'],
  ...['security_group_rule', 'network_acl', 'default_network_acl', 'ec2_managed_prefix_list', 'network_interface'],
  ...['eip', 'eip_domain_name', 'nat_gateway', 'key_pair', 'instance', 'ec2_instance_state', 'ec2_tag'],
]
const REPLACED = [
  ...['vpc', 'vpc_dhcp_options', 'vpc_ipv4_cidr_block_association', 'subnet', 'ec2_subnet_cidr_reservation', 'route'],
  ...['route_table_association', 'internet_gateway_attachment', 'egress_only_internet_gateway', 'security_group'],
  ...['vpc_security_group_ingress_rule', 'security_group_rule', 'vpc_security_group_vpc_association', 'network_acl'],
  ...['network_acl_rule', 'network_acl_association', 'ec2_managed_prefix_list', 'ec2_managed_prefix_list_entry'],
  ...['network_interface', 'network_interface_sg_attachment', 'eip_association', 'nat_gateway', 'key_pair', 'instance'],
  ...['network_interface_attachment', 'ec2_instance_connect_endpoint'],
]
/** The same of several accounts and Regions. */
const ELSEWHERE = {
  inPlace: [
    ...['vpc_peering_connection', 'vpc_peering_connection_accepter', 'vpc_peering_connection_options'],
    ...['default_vpc', 'default_subnet', 'default_vpc_dhcp_options', 'vpc_block_public_access_options'],
    ...['vpc_block_public_access_exclusion', 'ec2_instance_metadata_defaults'],
  ],
  replaced: ['vpc_peering_connection', 'vpc_block_public_access_exclusion'],
}

const typesOf = (changes: readonly Change[], action: Change['action']): string[] =>
  [...new Set(changes.filter((change) => change.action === action).map(({ type }) => type.replace('aws_', '')))].sort()

/** Types that `wanted` names and `seen` does not. */
const missing = (wanted: readonly string[], seen: readonly string[]): string[] =>
  wanted.filter((type) => !seen.includes(type))

/** All steps of a folder: apply, a second plan, change in place, replacement, destroy. */
async function played(terraform: Workspace, inPlace: readonly string[], replaced: readonly string[]): Promise<void> {
  const made = await terraform.apply(1)
  assert.equal(await terraform.drift(1), '')
  const changed = await terraform.apply(2)
  assert.deepEqual([typesOf(changed, 'create'), typesOf(changed, 'delete')], [[], []])
  assert.deepEqual(missing(inPlace, typesOf(changed, 'update')), [])
  assert.equal(await terraform.drift(2), '')
  const again = await terraform.apply(3)
  assert.deepEqual(missing(replaced, typesOf(again, 'create')), [])
  assert.deepEqual(missing(replaced, typesOf(again, 'delete')), [])
  assert.equal(await terraform.drift(3), '')
  assert.equal((await terraform.destroy(3)).length, made.length)
}

/** What the accounts have in their Regions. */
const everything = ({ endpoint }: Served, places: readonly (readonly [string, string])[]) =>
  Promise.all(places.map(([account, region]) => inventory(endpoint, account, region)))

async function leavesNothing(t: TestContext, folderName: string, types: typeof ELSEWHERE, places: [string, string][]) {
  const server = await served(t, folder(t), { quotas })
  const before = await everything(server, places)
  await played(await workspace(t, folderName, server.endpoint), types.inPlace, types.replaced)
  const after = await everything(server, places)
  return { before, after }
}

describe('Terraform', { skip: noTerraform, concurrency: true, timeout: 600_000 }, () => {
  test('makes every resource of one account, in every form of arguments, and leaves nothing', async (t) => {
    const types = { inPlace: IN_PLACE, replaced: REPLACED }
    const { before, after } = await leavesNothing(t, '.', types, [['111111111111', 'eu-west-1']])
    assert.deepEqual(after, before)
  })

  test('makes peerings between accounts and Regions, adopts what is there from the start, and leaves nothing', async (t) => {
    const { before, after } = await leavesNothing(t, 'accounts', ELSEWHERE, [
      ['111111111111', 'eu-west-1'],
      ['222222222222', 'eu-west-1'],
      ['222222222222', 'us-east-1'],
    ])
    const [, , adopted] = after
    // What it adopted it lets go as it is: the default VPC with other tags and attributes, without one subnet.
    assert.deepEqual(after.slice(0, 2), before.slice(0, 2))
    const counts = (lists: Record<string, unknown[]> = {}) =>
      Object.fromEntries(Object.entries(lists).map(([name, { length }]) => [name, length]))
    const found = counts(before[2])
    assert.deepEqual(counts(adopted), { ...found, Subnets: (found.Subnets ?? 0) - 1 })
  })

  test('builds a peering that carries packets', { skip: noKernel }, async (t) => {
    const server = await served(t, folder(t), { sim: false })
    try {
      await pinged(server, await workspace(t, 'ping', server.endpoint))
    } finally {
      // Killed, it would leave its namespaces behind.
      await ask({ stateDir: server.stateDir }, 'POST', '/stop', { body: {} })
      await server.ended
    }
  })
})

/** Over the peering, not without its route back, and over it again. */
async function pinged(server: Served, terraform: Workspace): Promise<void> {
  await terraform.apply(1)
  assert.equal(await ping(server, terraform), 0)
  await terraform.apply(2)
  assert.equal(await ping(server, terraform), 1)
  await terraform.apply(1)
  assert.equal(await ping(server, terraform), 0)
  await terraform.destroy(1)
}

/** A ping from the first instance to the second: its exit code. */
async function ping({ stateDir }: Served, terraform: Workspace): Promise<number | null> {
  await caughtUp(stateDir)
  const [from = ''] = (await terraform.output('instances')) as string[]
  const [, to = ''] = (await terraform.output('addresses')) as string[]
  const execution = await execute(stateDir, from, ['ping', '-c', '1', '-W', '2', to])
  heard(execution)
  return (await execution.exit).code
}

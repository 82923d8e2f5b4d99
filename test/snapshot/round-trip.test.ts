import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../../src/compile/compile.ts'
import { actions } from '../../src/ec2/registry.ts'
import type { Caller, Context } from '../../src/ec2/resource.ts'
import { Draft, type State } from '../../src/ec2/state.ts'
import { prefix } from '../../src/ip/prefix.ts'
import { detached } from '../../src/network/patch.ts'
import type { Report } from '../../src/snapshot/report.ts'
import { readSnapshot } from '../../src/snapshot/read-snapshot.ts'
import type { Call } from '../../src/snapshot/take-snapshot.ts'
import { callsOf, estate, type Files, filesOf, folderOf, withoutNumbers } from './estate.ts'

/** What a state that nobody serves would answer. */
const callsInto =
  (state: State) =>
  (caller: Caller): Call =>
  (action, input) => {
    const context = { caller, state: new Draft(state), now: Date.now(), publicPool: prefix('198.18.0.0/22') }
    return actions[action as 'DescribeVpcs']?.(input, context as unknown as Context) as never
  }

const sorted = (files: Files, key: string) =>
  Object.entries(files).flatMap(([name, contents]) => {
    const list = (contents as Record<string, unknown>)[key]
    return list ? [[name, (list as object[]).map((item) => JSON.stringify(item)).toSorted()] as const] : []
  })

/** Lists that are the same after a round trip, to the letter. */
const KEYS = [
  ...['DhcpOptions', 'Vpcs', 'Subnets', 'SubnetIpv4CidrReservations', 'SubnetIpv6CidrReservations', 'RouteTables'],
  ...['SecurityGroups', 'SecurityGroupRules', 'SecurityGroupVpcAssociations', 'Addresses', 'AddressesAttribute'],
  ...['VpcPeeringConnections', 'NetworkInterfaces', 'NetworkInterfacePermissions', 'NetworkAcls', 'InternetGateways'],
  ...['EgressOnlyInternetGateways', 'NatGateways', 'PrefixLists'],
]

/** What the estate has, and no packet meets here. */
const RECORDS_ONLY = ['not-emulated DHCP options 1', 'not-emulated IPv6 blocks of VPCs 1']
const noted = ({ notes }: Report) => notes.map(({ kind, what, count }) => `${kind} ${what} ${count}`).toSorted()

describe('a snapshot of a network with something of everything', () => {
  test('is the same network when it is read, twice over', async (t) => {
    const b = await estate(t)
    const files = await filesOf(callsOf(b))
    const first = readSnapshot(folderOf(t, files))
    assert.deepEqual(noted(first.report), RECORDS_ONLY)
    assert.deepEqual(withoutNumbers(compile(first.state)), withoutNumbers(detached(b.plane.network())))
    const again = await filesOf(callsInto(first.state))
    const second = readSnapshot(folderOf(t, again))
    assert.deepEqual(withoutNumbers(compile(second.state)), withoutNumbers(detached(b.plane.network())))
    assert.ok(sorted(files, 'VpcBlockPublicAccessExclusions').some(([, some]) => some.length === 2))
    assert.deepEqual(sorted(again, 'VpcBlockPublicAccessExclusions'), sorted(files, 'VpcBlockPublicAccessExclusions'))
    for (const key of KEYS) {
      assert.ok(
        sorted(files, key).some(([, some]) => some.length > 0),
        `the estate has ${key}`,
      )
      assert.deepEqual(sorted(again, key), sorted(files, key), key)
    }
  })

  test('is the same network without the single rules, whose ids then follow from what they allow', async (t) => {
    const files = await filesOf(callsOf(await estate(t)))
    const without = Object.entries(files).filter(([name]) => !name.endsWith('security-group-rules.json'))
    const [whole, merged, again] = [files, Object.fromEntries(without), Object.fromEntries(without)].map((some) =>
      readSnapshot(folderOf(t, some)),
    )
    const rules = (state?: State) =>
      [...(state?.all('security-group-rule') ?? [])].map(({ id: _, stateSince, tags, ...rest }) => JSON.stringify(rest))
    assert.deepEqual(rules(merged?.state).toSorted(), rules(whole?.state).toSorted())
    const ids = (state?: State) => [...(state?.all('security-group-rule') ?? [])].map(({ id }) => id)
    assert.deepEqual(ids(merged?.state), ids(again?.state))
    for (const id of ids(merged?.state)) assert.match(id, /^sgr-[0-9a-f]{17}$/)
  })

  test('is the same network where only instances show their interfaces', async (t) => {
    const b = await estate(t)
    const files = await filesOf(callsOf(b))
    for (const contents of Object.values(files) as { NetworkInterfaces?: { Attachment?: { InstanceId?: string } }[] }[])
      if (contents.NetworkInterfaces)
        contents.NetworkInterfaces = contents.NetworkInterfaces.filter((eni) => !eni.Attachment?.InstanceId)
    assert.deepEqual(
      withoutNumbers(compile(readSnapshot(folderOf(t, files)).state)),
      withoutNumbers(detached(b.plane.network())),
    )
  })

  test('may lie in one folder, in several files of one kind, or with several kinds in a file', async (t) => {
    const b = await estate(t)
    const files = await filesOf(callsOf(b))
    const split: Record<string, unknown> = {}
    for (const [name, contents] of Object.entries(files)) {
      const [key = '', list] = Object.entries(contents as object)[0] ?? []
      if (Array.isArray(list)) {
        split[name] = { [key]: list.slice(0, 1), NextToken: 'more' }
        split[name.replace('.json', '-2.json')] = { [key]: list.slice(1), Regions: [] }
      } else split[name] = contents
    }
    const { state, report } = readSnapshot(`${folderOf(t, split)}/aws_configs`)
    assert.deepEqual(noted(report), RECORDS_ONLY)
    assert.deepEqual(withoutNumbers(compile(state)), withoutNumbers(detached(b.plane.network())))
  })
})

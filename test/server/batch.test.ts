/** Calls that arrive together: one sync of the disk, and yet each is a transaction of its own. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ApiError } from '../../src/ec2/errors.ts'
import type { Caller } from '../../src/ec2/resource.ts'
import { prefix } from '../../src/ip/prefix.ts'
import type { Action, Input, Output } from '../../src/protocol/types.ts'
import { controlPlane } from '../../src/server/control-plane.ts'
import { sqliteStore } from '../../src/store/sqlite.ts'
import { type Store, StoreError } from '../../src/store/store.ts'
import { fakeGuests } from '../ec2/world.ts'

const CALLER: Caller = { account: '123456789012', region: 'us-east-1', requestId: 'test' }

/** A control plane on a disk that is full while `disk.full`; `commits` has what was written, a line a commit. */
function bench() {
  const disk = { full: false }
  const commits: string[][] = []
  const file = sqliteStore(':memory:')
  const store: Store = {
    ...file,
    commit(revision, changes, ...rest) {
      if (disk.full) throw new StoreError('The disk is full.')
      commits.push(changes.map(({ type }) => type))
      return file.commit(revision, changes, ...rest)
    },
  }
  const { guests } = fakeGuests()
  const isUp = () => true
  const plane = controlPlane({ store, publicPool: prefix('198.18.0.0/22'), guests, isUp, now: Date.now, onCommit() {} })
  const call = <A extends Action>(action: A, input: Input<A>) =>
    plane.perform(action, input, CALLER) as Promise<Output<A>>
  const create = async (CidrBlock: string) => (await call('CreateVpc', { CidrBlock })).Vpc?.VpcId ?? ''
  return { plane, call, create, commits, disk }
}

/** How each ended: `ok`, or the error's code. */
const endings = async (calls: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map((one) =>
    one.status === 'fulfilled' ? 'ok' : one.reason instanceof ApiError ? one.reason.code : String(one.reason),
  )

describe('calls that arrive together', () => {
  test('are committed together, and answered once they are', async () => {
    const { call, create, commits, plane } = bench()
    await call('DescribeVpcs', {})
    const [before, { revision }] = [commits.length, plane]
    const ids = await Promise.all(['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'].map(create))
    assert.equal(new Set(ids).size, 3)
    assert.equal(commits.length, before + 1)
    assert.equal(commits.at(-1)?.filter((type) => type === 'vpc').length, 3)
    assert.equal(plane.revision, revision + 1)
  })

  test('see what those before them have done', async () => {
    const { call, create } = bench()
    const VpcId = await create('10.0.0.0/16')
    const subnet = () => call('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })
    assert.deepEqual(await endings([subnet(), subnet(), call('DeleteVpc', { VpcId })]), [
      'ok',
      'InvalidSubnet.Conflict',
      'DependencyViolation',
    ])
  })

  test('a refused one leaves no trace, also of what it did before it was refused', async () => {
    const { call, create, plane, commits } = bench()
    const VpcId = await create('10.0.0.0/16')
    const GroupName = 'web'
    const [first, refused, last] = await Promise.allSettled([
      call('CreateSecurityGroup', { VpcId, GroupName, Description: 'one' }),
      call('CreateSecurityGroup', { VpcId, GroupName: 'dry', Description: 'none', DryRun: true }),
      call('CreateSecurityGroup', { VpcId, GroupName: 'db', Description: 'two' }),
    ])
    assert.deepEqual([first.status, refused.status, last.status], ['fulfilled', 'rejected', 'fulfilled'])
    assert.deepEqual([...plane.state.all('security-group')].map(({ groupName }) => groupName).sort(), [
      'db',
      'default',
      'default',
      'web',
    ])
    assert.equal(commits.at(-1)?.filter((type) => type === 'security-group').length, 2)
  })

  test('one client token is one route table, whoever comes first', async () => {
    const { call, plane } = bench()
    const VpcId = await call('CreateVpc', { CidrBlock: '10.0.0.0/16' }).then(({ Vpc }) => Vpc?.VpcId ?? '')
    const table = () => call('CreateRouteTable', { VpcId, ClientToken: 'y' })
    const made = await Promise.all([table(), table(), table()])
    assert.equal(new Set(made.map(({ RouteTable }) => RouteTable?.RouteTableId)).size, 1)
    assert.equal(plane.state.where('route-table', 'vpcId', VpcId).length, 2)
  })

  test('where the disk is full, those that write are refused and those that read are answered', async () => {
    const { call, create, disk, plane } = bench()
    const VpcId = await create('10.0.0.0/16')
    // Nothing is about to follow by itself.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const { revision } = plane
    disk.full = true
    const calls = [
      call('DescribeVpcs', {}),
      call('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' }),
      call('DescribeSubnets', {}),
    ]
    assert.deepEqual(await endings(calls), ['ok', 'StateNotWritable', 'ok'])
    assert.equal(plane.revision, revision)
    assert.equal(plane.state.where('subnet', 'vpcId', VpcId).length, 0)
    disk.full = false
    assert.deepEqual(await endings([call('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })]), ['ok'])
  })
})

/** AWS's error codes (1.13): each is provoked by a call, or it is said why nobody meets it here. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { bench } from '../../scenarios/bench.ts'
import { ApiError } from '../../src/ec2/errors.ts'
import { grantQuotas } from '../../src/ec2/quotas.ts'
import { simulator } from '../../src/engines/simulator/simulator.ts'
import { PROVOCATIONS } from './error-codes.ts'
import { must, place } from './place.ts'
import { refused } from './world.ts'

/** Code → why. Those of quotas are provoked in `quotas.test.ts`, RequestLimitExceeded in `protocol/body.test.ts`. */
const NEVER: Readonly<Record<string, string>> = {
  UnauthorizedOperation: 'There is no IAM: who may call at all may do everything in his account.',
  ConcurrentMutationLimitExceeded: 'Calls are carried out one after another.',
  InvalidVpcState: 'A VPC is available from its first moment on.',
  'InvalidSubnetId.NotFound': 'AWS writes this code in two ways; here it is InvalidSubnetID.NotFound.',
  'InvalidZone.NotFound': 'An unknown zone is an invalid value of its parameter (unverified).',
  'InvalidRoute.Malformed': 'It is about routes of VPN connections, of which there are none.',
  'InvalidRoute.InvalidState': 'A route has no state in which it could not be changed.',
  NotAvailableInZone: 'Every zone can have NAT gateways.',
  PendingVpcPeeringConnectionLimitExceeded: 'AWS names no number for it.',
  'InvalidGroup.InUse': 'It is of EC2-Classic; a group in use is a DependencyViolation (S8).',
  'InvalidPermission.Malformed': 'It is of EC2-Classic, which knew TCP, UDP and ICMP only; here a value is invalid.',
  'InvalidAddressID.NotFound': 'It is of EC2-Classic; an address is found by its allocation.',
}

describe('1.13: error codes', () => {
  for (const [code, provoke] of Object.entries(PROVOCATIONS))
    test(`1.13: ${code} is answered where it is due, and nothing changes`, () => {
      const p = place()
      const call = provoke(p)
      const records = () => p.records.everything().map(({ type, id }) => p.records.get(type, id))
      const before = JSON.stringify(records())
      refused(code, call)
      assert.equal(JSON.stringify(records()), before)
    })

  test('1.13: DryRunOperation is answered with 412 to what would have succeeded, and nothing changes', async () => {
    const b = bench((services) => simulator({ services }))
    const wish = { CidrBlock: '10.7.0.0/16', DryRun: true }
    const isDryRun = (error: unknown) =>
      error instanceof ApiError && error.code === 'DryRunOperation' && error.status === 412
    assert.throws(() => b.call('CreateVpc', wish), isDryRun)
    const there = b.call('DescribeVpcs', { Filters: [{ Name: 'cidr', Values: ['10.7.0.0/16'] }] })
    assert.deepEqual(there.Vpcs, [])
    await b.close()
  })

  test('1.13: ActiveVpcPeeringConnectionPerVpcLimitExceeded is answered to who accepts one too many', () => {
    const p = place()
    const request = (i: number) => {
      const PeerVpcId = must(p.call('CreateVpc', { CidrBlock: `10.${i}.0.0/16` }).Vpc?.VpcId)
      const made = p.call('CreateVpcPeeringConnection', { VpcId: p.vpcId, PeerVpcId }).VpcPeeringConnection
      return { VpcPeeringConnectionId: must(made?.VpcPeeringConnectionId) }
    }
    const [one, two] = [request(1), request(2)]
    grantQuotas({ peeringsPerVpc: 1 })
    try {
      p.call('AcceptVpcPeeringConnection', one)
      refused('ActiveVpcPeeringConnectionPerVpcLimitExceeded', () => p.call('AcceptVpcPeeringConnection', two))
    } finally {
      grantQuotas({ peeringsPerVpc: 50 })
    }
  })

  test('1.13: a code that nobody meets is nowhere in the code', () => {
    const all = globSync('src/**/*.ts')
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n')
    const met = Object.keys(NEVER).filter((code) => all.includes(`'${code}'`))
    assert.deepEqual(met, [])
  })
})

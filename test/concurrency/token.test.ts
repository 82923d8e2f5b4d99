import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { served } from '../server/bench.ts'
import { type Answer, crowd, crowdOf, distinct, imageOf, place, tally, told } from './crowd.ts'

/** Answers without what is each call's own. */
const bodies = (answers: readonly Answer[]): number =>
  distinct(answers.map(({ body }) => body.replace(/<requestId>[^<]*<\/requestId>/, '')))

describe('64 clients send one client token at once', () => {
  test('one launch, and the same answer for all; it holds after kill -9', async (t) => {
    const before = await crowd(t)
    const { ec2, all, server } = before
    const { subnetId } = await place(ec2)
    const launch = {
      ...{ Action: 'RunInstances', ImageId: await imageOf(ec2), InstanceType: 't3.micro', SubnetId: subnetId },
      ...{ MinCount: '2', MaxCount: '2', ClientToken: 'once' },
    }
    const answers = await all(() => launch)
    assert.deepEqual([tally(answers), bodies(answers)], [{ ok: 64 }, 1])
    await server.killed()
    const after = crowdOf(t, await served(t, server.stateDir))
    const again = await after.all(() => launch)
    assert.deepEqual(tally(again), { ok: 64 })
    assert.deepEqual(new Set(told(again, 'instanceId')), new Set(told(answers, 'instanceId')))
    const { Reservations = [] } = await after.ec2.call('DescribeInstances', {})
    assert.equal(Reservations.flatMap(({ Instances = [] }) => Instances).length, 2)
    const other = await after.all(() => ({ ...launch, MaxCount: '3' }))
    assert.deepEqual(tally(other), { IdempotentParameterMismatch: 64 })
  })

  test('with different parameters: the first decides, and all who asked for something else are told', async (t) => {
    const { ec2, all } = await crowd(t)
    const { subnetId } = await place(ec2)
    const answers = await all((n) => ({
      ...{ Action: 'CreateNetworkInterface', SubnetId: subnetId, Description: `${n % 4}`, ClientToken: 'once' },
    }))
    assert.deepEqual(tally(answers), { ok: 16, IdempotentParameterMismatch: 48 })
    assert.equal(distinct(told(answers, 'networkInterfaceId')), 1)
    const Filters = [{ Name: 'subnet-id', Values: [subnetId] }]
    assert.equal((await ec2.call('DescribeNetworkInterfaces', { Filters })).NetworkInterfaces?.length, 1)
  })

  test('a gateway that takes an Elastic IP takes it once', async (t) => {
    const { ec2, all } = await crowd(t)
    const { vpcId, subnetId } = await place(ec2)
    const { InternetGateway } = await ec2.call('CreateInternetGateway', {})
    const InternetGatewayId = InternetGateway?.InternetGatewayId ?? ''
    await ec2.call('AttachInternetGateway', { VpcId: vpcId, InternetGatewayId })
    const { AllocationId = '' } = await ec2.call('AllocateAddress', {})
    const wish = { Action: 'CreateNatGateway', SubnetId: subnetId, AllocationId }
    const answers = await all((n) => ({ ...wish, ClientToken: n % 2 === 0 ? 'once' : `own-${n}` }))
    const gateways = new Set(told(answers, 'natGatewayId'))
    const { NatGateways = [] } = await ec2.call('DescribeNatGateways', {})
    assert.deepEqual(new Set(NatGateways.map(({ NatGatewayId }) => NatGatewayId)), gateways)
    const holders = NatGateways.filter(({ NatGatewayAddresses = [] }) => NatGatewayAddresses[0]?.AssociationId)
    assert.ok(holders.length <= 1, `${holders.length} gateways hold the address`)
  })
})

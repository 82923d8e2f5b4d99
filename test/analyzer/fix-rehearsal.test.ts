/** Rehearsals: real actions on a copy, which leave the records alone, and can be carried out again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CALLER } from '../../scenarios/bench.ts'
import { rehearsal, rehearse } from '../../src/analyzer/fix/rehearsal.ts'
import { ApiError } from '../../src/ec2/errors.ts'
import { withBench } from './fix-bench.ts'

test('what is rehearsed is in the copy alone, and what follows by itself has followed', () =>
  withBench(async (s) => {
    const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16')]
    const pcx = s.peer(a, b, { accept: false })
    const { state, revision } = s.bench.plane
    const run = rehearsal(state)
    run.call('AcceptVpcPeeringConnection', { VpcPeeringConnectionId: pcx }, CALLER)
    assert.equal(run.state.get('vpc-peering-connection', pcx)?.state, 'active')
    assert.notEqual(state.get('vpc-peering-connection', pcx)?.state, 'active')
    assert.equal(s.bench.plane.revision, revision)
  }))

test('a request for a peering that is seven days from lapsing does not lapse while a fix is looked for', () =>
  withBench(async (s) => {
    const pcx = s.peer(s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16'), { accept: false })
    const run = rehearsal(s.bench.plane.state)
    run.call('CreateInternetGateway', {}, CALLER)
    assert.equal(run.state.get('vpc-peering-connection', pcx)?.state, 'pending-acceptance')
  }))

test('of what AWS refuses nothing is left, not what was done before it in the same attempt', () =>
  withBench(async (s) => {
    const a = s.vpc('10.1.0.0/16', { gateway: true })
    const run = rehearsal(s.bench.plane.state)
    const refusal = run.attempt(() => {
      const { InternetGateway } = run.call('CreateInternetGateway', {}, CALLER)
      const InternetGatewayId = InternetGateway?.InternetGatewayId as string
      run.call('AttachInternetGateway', { InternetGatewayId, VpcId: a.id }, CALLER)
    })
    assert.ok(refusal instanceof ApiError)
    assert.deepEqual(run.calls, [])
    assert.deepEqual(run.state.changes(), [])
  }))

test('calls name what earlier ones made, each by a name of its own, and are carried out again by these names', () =>
  withBench(async (s) => {
    const [a, b] = [s.vpc('10.1.0.0/16'), s.vpc('10.2.0.0/16')]
    const run = rehearsal(s.bench.plane.state)
    for (const { id } of [a, b]) {
      const { InternetGateway } = run.call('CreateInternetGateway', {}, CALLER)
      const InternetGatewayId = InternetGateway?.InternetGatewayId as string
      run.call('AttachInternetGateway', { InternetGatewayId, VpcId: id }, CALLER)
    }
    assert.deepEqual(
      run.calls.map(({ input, answers }) => input.InternetGatewayId ?? answers?.name),
      ['$InternetGatewayId', '$InternetGatewayId', '$InternetGatewayId2', '$InternetGatewayId2'],
    )
    const again = rehearse(s.bench.plane.state, run.calls)
    assert.deepEqual(again.calls, run.calls)
    const gateways = [...again.state.all('internet-gateway')].map(({ vpcId }) => vpcId)
    assert.ok(gateways.includes(a.id) && gateways.includes(b.id))
    // Without the first call the second has nothing to attach.
    assert.throws(() => rehearse(s.bench.plane.state, run.calls.slice(1)), ApiError)
  }))

/** The options of a peering connection: who sets which, when, and who sees them (X12). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Input } from '../../src/protocol/types.ts'
import { EU, OTHER, OTHER_EU, requested } from './peerings.ts'
import { refused, US } from './world.ts'

type Wish = Partial<Input<'ModifyVpcPeeringConnectionOptions'>>
const DNS = { AllowDnsResolutionFromRemoteVpc: true }
const SHOWN = {
  AllowDnsResolutionFromRemoteVpc: true,
  AllowEgressFromLocalClassicLinkToRemoteVpc: false,
  AllowEgressFromLocalVpcToRemoteClassicLink: false,
}

/** A peering of VPCs that give public names, active unless it is said otherwise. */
function peered({ peer = US, active = true } = {}) {
  const w = requested({ peer })
  w.nameHosts()
  if (active) w.accept()
  const modify = (wish: Wish, caller = US) =>
    w.call('ModifyVpcPeeringConnectionOptions', { VpcPeeringConnectionId: w.pcx, ...wish }, caller)
  const options = (caller = US) => {
    const { RequesterVpcInfo, AccepterVpcInfo } = w.seen(caller) ?? {}
    return [RequesterVpcInfo, AccepterVpcInfo].map((side) => side?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc)
  }
  return { ...w, modify, options }
}

describe('peering options', () => {
  test('X12: are false until they are set; in one account both are set at once, and shown', () => {
    const w = peered()
    assert.deepEqual(w.options(), [false, false])
    const answer = w.modify({ RequesterPeeringConnectionOptions: DNS, AccepterPeeringConnectionOptions: DNS })
    assert.deepEqual(answer, { RequesterPeeringConnectionOptions: SHOWN, AccepterPeeringConnectionOptions: SHOWN })
    assert.deepEqual(w.seen()?.RequesterVpcInfo?.PeeringOptions, SHOWN)
    assert.deepEqual(w.options(), [true, true])
  })

  test('X12: each side is set alone, the other stays; the answer shows the side that was set', () => {
    const w = peered()
    assert.deepEqual(w.modify({ AccepterPeeringConnectionOptions: DNS }), { AccepterPeeringConnectionOptions: SHOWN })
    assert.deepEqual(w.options(), [false, true])
    w.modify({ RequesterPeeringConnectionOptions: DNS })
    w.modify({ AccepterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: false } })
    assert.deepEqual(w.options(), [true, false])
    w.modify({ RequesterPeeringConnectionOptions: { AllowEgressFromLocalVpcToRemoteClassicLink: false } })
    assert.deepEqual(w.options(), [true, false])
  })

  test('X12: are set when the peering is active, and neither before nor after', () => {
    const w = peered({ active: false })
    const words = `Peering ${w.pcx} is not active. Peering options can be added only to active peerings.`
    const set = () => w.modify({ RequesterPeeringConnectionOptions: DNS })
    refused('OperationNotPermitted', set, words)
    w.accept()
    set()
    w.drop()
    refused('OperationNotPermitted', set, words)
  })

  test('X12: need DNS host names and DNS support in both VPCs, to be switched on and not to be switched off', () => {
    const w = peered()
    const set = (value: boolean) =>
      w.modify({ AccepterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: value } })
    set(true)
    for (const VpcId of [w.A, w.B])
      for (const attribute of ['EnableDnsHostnames', 'EnableDnsSupport']) {
        w.call('ModifyVpcAttribute', { VpcId, [attribute]: { Value: false } })
        refused('InvalidVpcPeeringConnectionState.DnsHostnamesDisabled', () => set(true))
        assert.deepEqual(w.options(), [false, true])
        set(false)
        w.call('ModifyVpcAttribute', { VpcId, [attribute]: { Value: true } })
        set(true)
      }
  })

  test('X12: each owner sets those of his own side, and both see all', () => {
    for (const peer of [OTHER, OTHER_EU]) {
      const w = peered({ peer })
      const denied = (account: string, role: string) =>
        `User ${account} does not have permission to modify the ${role} side peering options`
      refused(
        'OperationNotPermitted',
        () => w.modify({ RequesterPeeringConnectionOptions: DNS, AccepterPeeringConnectionOptions: DNS }),
        denied(US.account, 'accepter'),
      )
      refused(
        'OperationNotPermitted',
        () => w.modify({ RequesterPeeringConnectionOptions: DNS }, peer),
        denied(OTHER.account, 'requester'),
      )
      assert.deepEqual(w.options(), [false, false])
      w.modify({ RequesterPeeringConnectionOptions: DNS })
      w.modify({ AccepterPeeringConnectionOptions: DNS }, peer)
      for (const caller of [US, peer]) assert.deepEqual(w.options(caller), [true, true])
    }
  })

  test('X12: between Regions each side is set in its own', () => {
    const w = peered({ peer: EU })
    const words = (whose: string) =>
      `${whose}'s VPC Peering connection options cannot be modified for a different region`
    refused('OperationNotPermitted', () => w.modify({ AccepterPeeringConnectionOptions: DNS }), words('Accepter'))
    refused('OperationNotPermitted', () => w.modify({ RequesterPeeringConnectionOptions: DNS }, EU), words('Requester'))
    w.modify({ RequesterPeeringConnectionOptions: DNS })
    w.modify({ AccepterPeeringConnectionOptions: DNS }, EU)
    assert.deepEqual(w.options(), [true, true])
  })

  test('ClassicLink is gone: its options are false, and between Regions not taken at all', () => {
    const w = peered()
    for (const option of ['AllowEgressFromLocalClassicLinkToRemoteVpc', 'AllowEgressFromLocalVpcToRemoteClassicLink']) {
      refused('UnsupportedOperation', () => w.modify({ RequesterPeeringConnectionOptions: { [option]: true } }))
      assert.equal(
        w.modify({ RequesterPeeringConnectionOptions: { [option]: false } }).RequesterPeeringConnectionOptions
          ?.AllowDnsResolutionFromRemoteVpc,
        false,
      )
    }
    const abroad = peered({ peer: EU })
    const { AllowDnsResolutionFromRemoteVpc: _, ...classic } = SHOWN
    refused(
      'OperationNotPermitted',
      () => abroad.modify({ RequesterPeeringConnectionOptions: { ...DNS, ...classic } }),
      'Modifying VPC peering connection options AllowEgressFromLocalClassicLinkToRemoteVpc, ' +
        'AllowEgressFromLocalVpcToRemoteClassicLink is not supported for cross-region VPC peering connections',
    )
    assert.deepEqual(abroad.options(), [false, false])
  })

  test('of neither side is a parameter that is missing', () => {
    refused('MissingParameter', () => peered().modify({}))
  })

  test('are shown of the requester alone while the request waits, and of nobody once it has ended', () => {
    const w = peered({ active: false })
    assert.deepEqual(w.options(), [false, undefined])
    w.accept()
    w.drop()
    assert.deepEqual(w.options(), [undefined, undefined])
  })
})

/** EC2 Instance Connect: which keys it lets in, for whom, and for how long. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pushKey } from '../../src/ec2/instance-connect.ts'
import { activeKeys } from '../../src/ec2/pushed-key.ts'
import type { PublicKeyPush } from '../../src/protocol/instance-connect.ts'
import { must, place } from './place.ts'
import { refused, US } from './world.ts'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUdAK7ZLtrRpnxE9EEUNNnKgLGW8tDNpEmzAqL2Xx7Y'
const OTHER = KEY.replace('Xx7Y', 'Xx7Z')

function connected() {
  const p = place()
  const id = p.running()
  const push = (more: Partial<PublicKeyPush> = {}, caller = US) =>
    p.transaction(caller, (context) => pushKey(context, { instanceId: id, user: 'ec2-user', publicKey: KEY, ...more }))
  const keys = (user = 'ec2-user', instanceId = id) => activeKeys(p.records, instanceId, user, p.clock.now)
  return { ...p, id, push, keys }
}

test('I1: a pushed key opens the instance for 60 s, for that user only, and then is gone', () => {
  const { call, clock, keys, push, records } = connected()
  push({ publicKey: `${KEY} me@here\n` })
  assert.deepEqual(keys(), [`${KEY} me@here`])
  assert.deepEqual(keys('root'), [])
  assert.deepEqual(keys('ec2-user', 'i-0123456789abcdef0'), [])
  clock.advance(59_999)
  assert.equal(keys().length, 1)
  clock.advance(1)
  assert.deepEqual(keys(), [])
  call('DescribeVpcs', {})
  assert.deepEqual([...records.all('pushed-key')], [])
})

test('I1: keys pushed within a minute are good beside each other, each for its own time', () => {
  const { clock, keys, push } = connected()
  push()
  clock.advance(30_000)
  push({ publicKey: OTHER })
  assert.deepEqual(keys(), [KEY, OTHER])
  clock.advance(30_000)
  assert.deepEqual(keys(), [OTHER])
})

test('I2: nothing is said of whether the instance can be reached: it has no public address here', () => {
  const { id, push, see } = connected()
  assert.equal(see(id).PublicIpAddress, undefined)
  push()
})

test('I2: a stopped, stopping or terminated instance is in no valid state; one that starts is not available yet', () => {
  const { call, id, push, run, settled } = connected()
  const state = (code: string) => refused(code, () => push())
  call('StopInstances', { InstanceIds: [id] })
  state('EC2InstanceStateInvalidException')
  settled()
  refused(
    'EC2InstanceStateInvalidException',
    () => push(),
    /^Unable to connect because the instance is not in a valid state\. Connecting to a stopped or terminated instance /,
  )
  call('TerminateInstances', { InstanceIds: [id] })
  state('EC2InstanceStateInvalidException')
  settled()
  state('EC2InstanceStateInvalidException')
  const pending = must(run()[0]?.InstanceId)
  refused('EC2InstanceUnavailableException', () => push({ instanceId: pending }))
})

test('I2: an instance that is not there, or is a stranger, is not found', () => {
  const { push } = connected()
  refused('EC2InstanceNotFoundException', () => push({ instanceId: 'i-0123456789abcdef0' }))
  refused('EC2InstanceNotFoundException', () => push({}, { ...US, account: '999999999999' }))
  refused('EC2InstanceNotFoundException', () => push({}, { ...US, region: 'eu-west-1' }))
})

test("I2: an Availability Zone must be the instance's own", () => {
  const { keys, push } = connected()
  refused('InvalidArgsException', () => push({ availabilityZone: 'us-east-1b' }))
  assert.deepEqual(keys(), [])
  push({ availabilityZone: 'us-east-1a' })
  assert.deepEqual(keys(), [KEY])
})

const P256 =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHwf2HMM5TRXvo2SQJjsNkiDD5KqiiNjrGVv3UUh+mMT5RHxiRtOnlqvjhQtBq0VpmpCV/PwUdhOig4vkbqAcEc='
for (const [what, publicKey] of [
  ['no key', 'x'.repeat(100)],
  ['an ECDSA key', P256],
  ['a key with options', `command="id" ${KEY}`],
  ['two keys', `${KEY}\n${OTHER}`],
  ['a key of another type than it says', KEY.replace('ssh-ed25519', 'ssh-rsa')],
  ['an RSA key of 1024 bits', `ssh-rsa ${rsaBlob(128)}`],
] as const) {
  test(`I2: ${what} is refused`, () => {
    const { keys, push } = connected()
    refused('InvalidArgsException', () => push({ publicKey }))
    assert.deepEqual(keys(), [])
  })
}

test('I1: an RSA key of 2048 bits is taken', () => {
  const { keys, push } = connected()
  push({ publicKey: `ssh-rsa ${rsaBlob(256)}` })
  assert.equal(keys().length, 1)
})

test('a pushed key is no resource of EC2: it can be neither tagged nor found', () => {
  const { call, push, records } = connected()
  push()
  const [record] = [...records.all('pushed-key')]
  refused('InvalidID', () => call('CreateTags', { Resources: [must(record).id], Tags: [{ Key: 'a', Value: 'b' }] }))
})

/** The wire form of an RSA key whose modulus has so many bytes, the first bit set. */
function rsaBlob(bytes: number): string {
  const field = (data: Buffer) => Buffer.concat([Buffer.from([0, 0, data.length >> 8, data.length & 255]), data])
  const modulus = Buffer.concat([Buffer.from([0]), Buffer.alloc(bytes, 0xab)])
  return Buffer.concat([field(Buffer.from('ssh-rsa')), field(Buffer.from([1, 0, 1])), field(modulus)]).toString(
    'base64',
  )
}

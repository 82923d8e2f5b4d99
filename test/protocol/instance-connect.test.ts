/** EC2 Instance Connect on the wire: what its model asks of the parameters, and what boto3 makes of the answers. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { startServer } from './server.ts'

const server = await startServer()
after(() => server.close())

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUdAK7ZLtrRpnxE9EEUNNnKgLGW8tDNpEmzAqL2Xx7Y'
const GOOD = { InstanceId: 'i-0123456789abcdef0', InstanceOSUser: 'ec2-user', SSHPublicKey: KEY }

async function send(operation: string, input: object) {
  const answer = await fetch(server.url, {
    method: 'POST',
    headers: { 'x-amz-target': `AWSEC2InstanceConnectService.${operation}` },
    body: JSON.stringify(input),
  })
  const body = (await answer.json()) as { __type?: string; message?: string; RequestId?: string; Success?: boolean }
  return { status: answer.status, id: answer.headers.get('x-amzn-requestid'), ...body }
}

test('I1: a push is carried out for its caller, and answered with the id of the request', async () => {
  const answer = await send('SendSSHPublicKey', { ...GOOD, AvailabilityZone: 'us-east-1a' })
  assert.deepEqual([answer.status, answer.Success, answer.RequestId], [200, true, answer.id])
  assert.deepEqual(server.pushed.at(-1), {
    instanceId: GOOD.InstanceId,
    user: 'ec2-user',
    publicKey: KEY,
    availabilityZone: 'us-east-1a',
    by: '123456789012',
  })
})

for (const user of ['root', 'a.b@c-d_e', '1a', 'service$'])
  test(`I1: ${user} can be a user`, async () =>
    assert.equal((await send('SendSSHPublicKey', { ...GOOD, InstanceOSUser: user })).status, 200))

for (const [name, value] of [
  ['InstanceId', undefined],
  ['InstanceId', null],
  ['InstanceId', 7],
  ['InstanceId', 'i-abc'],
  ['InstanceId', 'vpc-0123456789abcdef0'],
  ['InstanceId', 'i-0123456789ABCDEF0'],
  ['InstanceOSUser', undefined],
  ['InstanceOSUser', ''],
  ['InstanceOSUser', 'a'.repeat(33)],
  ['InstanceOSUser', '../root'],
  ['InstanceOSUser', 'a b'],
  ['InstanceOSUser', 'root\n'],
  ['InstanceOSUser', '1'],
  ['SSHPublicKey', undefined],
  ['SSHPublicKey', 'x'.repeat(79)],
  ['SSHPublicKey', 'x'.repeat(4097)],
  ['AvailabilityZone', 'mars'],
  ['AvailabilityZone', 'us-east-1a,b'],
] as const) {
  test(`I2: ${name} ${JSON.stringify(value)?.slice(0, 40)} is an InvalidArgsException`, async () => {
    const before = server.pushed.length
    const { status, __type, message } = await send('SendSSHPublicKey', { ...GOOD, [name]: value })
    assert.deepEqual([status, __type], [400, 'InvalidArgsException'])
    assert.match(message ?? '', new RegExp(`^The parameter ${name} `))
    assert.equal(server.pushed.length, before)
  })
}

test('I2: what the push refuses reaches the client with its code', async () => {
  const { status, __type, message } = await send('SendSSHPublicKey', { ...GOOD, InstanceId: 'i-00000000' })
  assert.deepEqual(
    [status, __type, message],
    [400, 'EC2InstanceNotFoundException', 'The specified instance was not found.'],
  )
})

test('the serial console is said to be closed, and an unknown operation to be unknown', async () => {
  const { __type } = await send('SendSerialConsoleSSHPublicKey', { InstanceId: GOOD.InstanceId, SSHPublicKey: KEY })
  assert.equal(__type, 'SerialConsoleAccessDisabledException')
  assert.equal((await send('SendSerialConsoleSSHPublicKey', {})).__type, 'InvalidArgsException')
  assert.equal((await send('Explode', {})).__type, 'UnknownOperationException')
})

const script = `
import boto3, json, sys
connect = boto3.client('ec2-instance-connect')
good = dict(InstanceId='i-0123456789abcdef0', InstanceOSUser='ec2-user', SSHPublicKey=sys.argv[1])
answer = connect.send_ssh_public_key(**good)
try:
    connect.send_ssh_public_key(**{**good, 'InstanceId': 'i-00000000'})
except connect.exceptions.EC2InstanceNotFoundException as error:
    code = [error.response['Error']['Code'], error.response['Error']['Message']]
print(json.dumps([answer['Success'], len(answer['RequestId']), code]))
`
const withoutBoto3 =
  spawnSync('python3', ['-c', 'import boto3'], { stdio: 'ignore' }).status === 0 ? false : 'boto3 is not installed'

test('boto3 pushes a key, and knows the errors by their names', { skip: withoutBoto3 }, async () => {
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: '111122223333',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const { stdout } = await promisify(execFile)('python3', ['-c', script, KEY], { env })
  const refused = ['EC2InstanceNotFoundException', 'The specified instance was not found.']
  assert.deepEqual(JSON.parse(stdout), [true, 36, refused])
  assert.equal(server.pushed.at(-1)?.by, '111122223333')
})

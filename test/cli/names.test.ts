/** What names mean: instances, VPCs, states and environments. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { awsVariables, identityFrom, regionFrom, shellLines } from '../../src/cli/aws-environment.ts'
import { Failure, UsageFailure } from '../../src/cli/failure.ts'
import { addressOf, nodeOf } from '../../src/cli/hosts.ts'
import type { Instance } from '../../src/cli/inventory.ts'
import { slug } from '../../src/check/named.ts'
import { findNamed, findVpc } from '../../src/cli/names.ts'
import { shellCode } from '../../src/cli/running-command.ts'
import { stateFolder } from '../../src/cli/state-folder.ts'

const things = [
  { id: 'vpc-0aa1', name: 'My VPC' },
  { id: 'vpc-0aa2', name: 'shop-vpc' },
  { id: 'vpc-0bb3', name: 'twin' },
  { id: 'vpc-0bb4', name: 'twin' },
  { id: 'vpc-0cc5', name: '' },
]
const found = (text: string) => findNamed('VPC', things, text).id

test('a thing is found by id, exact name, slug, or the beginning of its id with or without the kind', () => {
  for (const text of ['vpc-0aa1', 'My VPC', 'my-vpc', 'MY_VPC', '0aa1']) assert.equal(found(text), 'vpc-0aa1', text)
  assert.equal(found('vpc-0c'), 'vpc-0cc5')
})

test("an exact name wins over another thing's slug", () => {
  const both = [
    { id: 'i-1', name: 'web' },
    { id: 'i-2', name: 'Web' },
  ]
  assert.equal(findNamed('instance', both, 'Web').id, 'i-2')
})

test('an ambiguous name lists the candidates and exits 2', () => {
  assert.throws(
    () => found('twin'),
    (error: unknown) =>
      error instanceof UsageFailure && error.exitCode === 2 && /vpc-0bb3[\s\S]*vpc-0bb4/.test(error.message),
  )
  assert.throws(() => found('vpc-0a'), /vpc-0aa1[\s\S]*vpc-0aa2/)
})

test('an unknown name says what there is', () => {
  assert.throws(() => found('nothing'), /no VPC nothing\. There are:[\s\S]*My VPC/)
  assert.throws(() => findNamed('instance', [], 'web'), /nor any other instance/)
  assert.throws(() => found(''), UsageFailure)
})

test('a VPC goes by the name that the wizard was given', () => {
  assert.equal(findVpc(things, 'shop').id, 'vpc-0aa2')
})

test('a slug has only letters, digits and single dashes', () => {
  assert.equal(slug(' Instance - NextWork VPC 1 '), 'instance-nextwork-vpc-1')
})

const instance = (more: Partial<Instance>): Instance => ({
  id: 'i-01',
  name: 'web',
  state: 'running',
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  privateIp: '10.1.0.4',
  publicIp: '',
  ...more,
})
const instances = [
  instance({}),
  instance({ id: 'i-02', name: 'db', privateIp: '10.1.0.5', publicIp: '198.18.0.9' }),
  instance({ id: 'i-03', name: 'old', state: 'stopped' }),
]

test('an instance is pinged at its private address from another, at its public one from the internet', () => {
  assert.equal(addressOf(instances, 'db', 'i-01'), '10.1.0.5')
  assert.equal(addressOf(instances, 'db', 'internet'), '198.18.0.9')
  assert.throws(() => addressOf(instances, 'web', 'internet'), /no public address/)
  assert.equal(addressOf(instances, 'internet', 'i-01'), '203.0.113.10')
  assert.equal(addressOf(instances, '192.0.2.7', 'i-01'), '192.0.2.7')
})

test('a ping comes from an instance that runs, by its name or address, or from the internet', () => {
  assert.equal(nodeOf(instances, 'web'), 'i-01')
  assert.equal(nodeOf(instances, '198.18.0.9'), 'i-02')
  assert.equal(nodeOf(instances, 'internet'), 'internet')
  assert.throws(
    () => nodeOf(instances, 'old'),
    (error: unknown) => error instanceof Failure && error.exitCode === 1 && /old is stopped/.test(error.message),
  )
})

test('the state is --state, else ISTHMUS_STATE, else the XDG state folder', () => {
  assert.equal(stateFolder('/a', { ISTHMUS_STATE: '/b' }), '/a')
  assert.equal(stateFolder(undefined, { ISTHMUS_STATE: '/b', XDG_STATE_HOME: '/c' }), '/b')
  assert.equal(stateFolder(undefined, { XDG_STATE_HOME: '/c' }), '/c/isthmus')
  assert.match(stateFolder(undefined, {}), /\/\.local\/state\/isthmus$/)
})

test('credentials and Region of the environment are kept, else there are defaults', () => {
  assert.equal(identityFrom({}).accessKeyId, '123456789012')
  assert.equal(identityFrom({ AWS_ACCESS_KEY_ID: 'A' }).accessKeyId, '123456789012')
  assert.equal(identityFrom({ AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S' }).secretAccessKey, 'S')
  assert.equal(regionFrom('eu-west-1', { AWS_REGION: 'us-west-2' }), 'eu-west-1')
  assert.equal(regionFrom(undefined, { AWS_DEFAULT_REGION: 'us-west-2' }), 'us-west-2')
  assert.equal(regionFrom(undefined, {}), 'us-east-1')
})

test('env prints the lines of the shell, and unsets a profile that would win over the keys', () => {
  const env = { AWS_PROFILE: 'work', AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: "it's $ecret" }
  const variables = awsVariables('http://127.0.0.1:4566', 'us-east-1', env)
  assert.deepEqual(shellLines(variables, 'posix', env), [
    'export AWS_ENDPOINT_URL=http://127.0.0.1:4566',
    'export AWS_REGION=us-east-1',
    'export AWS_DEFAULT_REGION=us-east-1',
    'export AWS_ACCESS_KEY_ID=A',
    `export AWS_SECRET_ACCESS_KEY='it'\\''s $ecret'`,
    'unset AWS_PROFILE',
  ])
  assert.equal(shellLines(variables, 'fish', {})[0], 'set -gx AWS_ENDPOINT_URL http://127.0.0.1:4566;')
  assert.ok(shellLines(variables, 'fish', env).includes('set -e AWS_PROFILE;'))
})

test('a command ended by a signal gives the code a shell gives', () => {
  assert.equal(shellCode({ code: 3, signal: null }), 3)
  assert.equal(shellCode({ code: null, signal: 'SIGTERM' }), 143)
})

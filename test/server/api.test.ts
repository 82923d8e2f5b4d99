import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ec2 } from '../../src/client/ec2-client.ts'
import type { Identity } from '../../src/client/sign.ts'
import { ACCOUNT, ask, clientOf, folder, running } from './bench.ts'

const health = async (url: string) => (await ask({ url }, 'GET', '/_isthmus/health')).body
const reset = (url: string) => ask({ url }, 'POST', '/_isthmus/reset')

describe('--auth', () => {
  const secretAccessKey = 'a secret'
  const known: Identity = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey }

  test('only signatures of the named credentials are taken, and name their account', async (t) => {
    const stateDir = folder(t)
    const authFile = join(stateDir, 'credentials')
    const profile = ['[lab]', 'aws_access_key_id = AKIAEXAMPLE', `aws_secret_access_key = ${secretAccessKey}`]
    writeFileSync(authFile, [...profile, 'account_id = 333333333333', ''].join('\n'))
    const { endpoint } = await running(t, { stateDir, authFile })
    const as = (identity: Identity) => ec2(endpoint, { region: 'us-east-1', identity }).call('DescribeVpcs', {})
    assert.deepEqual(
      (await as(known)).Vpcs?.map((v) => v.OwnerId),
      ['333333333333'],
    )
    const revision = (await health(endpoint)).revision
    const refused = { code: 'AuthFailure', status: 401 }
    await assert.rejects(as({ ...known, secretAccessKey: 'another' }), refused)
    await assert.rejects(as({ accessKeyId: ACCOUNT, secretAccessKey }), refused)
    const body = 'Action=DescribeVpcs&Version=2016-11-15'
    assert.match((await ask({ url: endpoint }, 'GET', `/?${body}`)).text, /<Code>MissingParameter</)
    assert.equal((await health(endpoint)).revision, revision, 'who is refused leaves nothing')
  })

  test('without it the access key alone says whose account it is', async (t) => {
    const { endpoint } = await running(t)
    const { Vpcs } = await clientOf(endpoint, '444444444444').call('DescribeVpcs', {})
    assert.deepEqual(
      Vpcs?.map((v) => v.OwnerId),
      ['444444444444'],
    )
  })
})

describe('reset', () => {
  test('is refused where the server was not started for it, and deletes nothing', async (t) => {
    const { endpoint } = await running(t)
    await clientOf(endpoint).call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
    const { status, body } = await reset(endpoint)
    assert.equal(status, 403)
    assert.match(String(body.error), /--allow-reset/)
    assert.equal((await clientOf(endpoint).call('DescribeVpcs', {})).Vpcs?.length, 2)
  })

  test('goes back to the start in every Region and account: a default VPC and nothing else', async (t) => {
    const { endpoint } = await running(t, { allowReset: true })
    const callers = [clientOf(endpoint), clientOf(endpoint, ACCOUNT, 'eu-west-1'), clientOf(endpoint, '222222222222')]
    for (const ec2 of callers) {
      await ec2.call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
      await ec2.call('AllocateAddress', { Domain: 'vpc' })
      const [main] =
        (await ec2.call('DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] })).Vpcs ?? []
      await ec2.call('CreateRouteTable', { VpcId: main?.VpcId ?? '', ClientToken: 'kept' })
    }
    const { revision } = await health(endpoint)
    assert.equal((await reset(endpoint)).status, 200)
    for (const ec2 of callers) {
      const { Vpcs = [] } = await ec2.call('DescribeVpcs', {})
      assert.deepEqual(
        Vpcs.map((v) => [v.IsDefault, v.CidrBlock]),
        [[true, '172.31.0.0/16']],
      )
      assert.deepEqual((await ec2.call('DescribeAddresses', {})).Addresses, [])
      assert.equal((await ec2.call('DescribeRouteTables', {})).RouteTables?.length, 1)
      const again = await ec2.call('CreateRouteTable', { VpcId: Vpcs[0]?.VpcId ?? '', ClientToken: 'kept' })
      assert.ok(again.RouteTable, 'tokens are forgotten, too')
    }
    assert.ok(Number((await health(endpoint)).revision) > Number(revision), 'revisions never go back')
  })

  test('a default VPC that was deleted is there again, and to reset twice is to reset once', async (t) => {
    const { endpoint } = await running(t, { allowReset: true })
    const ec2 = clientOf(endpoint)
    const vpcs = async () => (await ec2.call('DescribeVpcs', {})).Vpcs ?? []
    for (const { SubnetId = '' } of (await ec2.call('DescribeSubnets', {})).Subnets ?? [])
      await ec2.call('DeleteSubnet', { SubnetId })
    const [gateway] = (await ec2.call('DescribeInternetGateways', {})).InternetGateways ?? []
    const InternetGatewayId = gateway?.InternetGatewayId ?? ''
    const VpcId = gateway?.Attachments?.[0]?.VpcId ?? ''
    await ec2.call('DetachInternetGateway', { InternetGatewayId, VpcId })
    await ec2.call('DeleteVpc', { VpcId })
    assert.deepEqual(await vpcs(), [])
    await reset(endpoint)
    await reset(endpoint)
    assert.deepEqual(
      (await vpcs()).map((v) => v.IsDefault),
      [true],
    )
  })
})

describe('the API on loopback', () => {
  test('health says which engine runs, the revision, and how far the engine is', async (t) => {
    const { endpoint, stateDir } = await running(t)
    await clientOf(endpoint).call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
    await ask({ stateDir }, 'GET', '/wait')
    const { status, engine, revision, reached, version } = await health(endpoint)
    assert.deepEqual({ status, engine, reached }, { status: 'ok', engine: 'simulator', reached: revision })
    assert.match(String(version), /^\d+\.\d+\.\d+$/)
  })

  const elsewhere: Readonly<Record<string, Record<string, string>>> = {
    'a Host that is not loopback': { host: 'evil.example:4566' },
    'an Origin that is another site': { origin: 'https://evil.example' },
    'a page that hides its Origin': { origin: 'null' },
    'an image on another site': { 'sec-fetch-site': 'cross-site' },
  }
  for (const [what, headers] of Object.entries(elsewhere)) {
    test(`${what} reaches neither the API, nor health, nor reset`, async (t) => {
      const { endpoint } = await running(t, { allowReset: true })
      await clientOf(endpoint).call('CreateVpc', { CidrBlock: '10.0.0.0/16' })
      const { revision } = await health(endpoint)
      const query = '/?Action=CreateVpc&CidrBlock=10.1.0.0/16&Version=2016-11-15'
      for (const [method, path] of [
        ['GET', query],
        ['GET', '/_isthmus/health'],
        ['POST', '/_isthmus/reset'],
      ] as const) {
        const reply = await ask({ url: endpoint }, method, path, { headers })
        assert.equal(reply.status, 403, path)
      }
      assert.equal((await health(endpoint)).revision, revision)
    })
  }
})

/** Asking the metadata service: with and without a token, and who is answered at all. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ip } from '../../../src/ip/address.ts'
import { must } from '../../ec2/place.ts'
import { metadataPlace, TOKEN, TTL } from './service.ts'

const ID = '/latest/meta-data/instance-id'

function asking(launch: Parameters<ReturnType<typeof metadataPlace>['running']>[0] = {}) {
  const p = metadataPlace()
  const id = p.running(launch)
  return { ...p, id, from: p.addressOfInstance(id) }
}

describe('version 2: with a token', () => {
  const required = { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 3 } } as const

  test('a token opens the tree, and says how long it is good', () => {
    const { from, id, get, token, clock } = asking(required)
    const { status, body, headers } = token(from, '60')
    assert.deepEqual([status, headers[TTL]], [200, '60'])
    clock.advance(20_500)
    const answer = get(from, ID, { [TOKEN]: body })
    assert.deepEqual([answer.status, answer.body, answer.headers[TTL]], [200, id, '40'])
  })

  test('HttpTokens=required: 401 without a token', () => {
    const { from, get } = asking(required)
    assert.equal(get(from, ID).status, 401)
    assert.match(get(from, ID).body, /<title>401 - Unauthorized<\/title>/)
  })

  test('a token ends when its time is over', () => {
    const { from, get, token, clock } = asking(required)
    const { body } = token(from, '1')
    clock.advance(999)
    assert.equal(get(from, ID, { [TOKEN]: body }).status, 200)
    clock.advance(1)
    assert.equal(get(from, ID, { [TOKEN]: body }).status, 401)
  })

  test('a token that is another instance’s, another service’s, changed or no token at all is refused', () => {
    const { from, get, token, running, addressOfInstance } = asking()
    const { body } = token(from)
    const other = token(addressOfInstance(running())).body
    const stranger = asking()
    for (const bad of [other, stranger.token(stranger.from).body, `B${body.slice(1)}`, `${body}AAAA`, '', 'x'])
      assert.equal(get(from, ID, { [TOKEN]: bad }).status, 401, bad)
  })

  test('the lifetime is 1 to 21600 seconds', () => {
    const { from, token, request } = asking()
    for (const ttl of ['1', '21600']) assert.equal(token(from, ttl).status, 200)
    for (const ttl of ['0', '21601', '-1', '1.5', 'x', '']) assert.equal(token(from, ttl).status, 400, ttl)
    assert.equal(request(from, 'PUT', '/latest/api/token').status, 400)
  })

  test('what a proxy passed on gets no token', () => {
    const { from, request } = asking()
    const { status } = request(from, 'PUT', '/latest/api/token', { [TTL]: '60', 'x-forwarded-for': '10.0.0.9' })
    assert.equal(status, 403)
  })

  test('the answer to PUT goes no further than the hop limit', () => {
    const { from, token, get } = asking(required)
    assert.equal(token(from).hopLimit, 3)
    assert.equal(get(from, ID).hopLimit, undefined)
  })
})

describe('version 1: without a token', () => {
  test('HttpTokens=optional: the tree is open', () => {
    const { from, get, id } = asking()
    const answer = get(from, ID)
    assert.deepEqual([answer.status, answer.body, answer.headers[TTL]], [200, id, undefined])
    assert.deepEqual([answer.headers.server, answer.headers['content-type']], ['EC2ws', 'text/plain'])
  })

  test('only GET, HEAD, and PUT for a token', () => {
    const { from, request } = asking()
    assert.equal(request(from, 'HEAD', ID).status, 200)
    for (const method of ['POST', 'DELETE', 'OPTIONS', 'constructor'])
      assert.equal(request(from, method, ID).status, 405, method)
    assert.equal(request(from, 'PUT', ID, { [TTL]: '60' }).status, 405)
  })
})

describe('who asks', () => {
  test('HttpEndpoint=disabled: 403, tokens included', () => {
    const { from, get, token } = asking({ MetadataOptions: { HttpEndpoint: 'disabled' } })
    assert.deepEqual([get(from, ID).status, token(from).status], [403, 403])
  })

  test('every address of every interface leads to its own instance', () => {
    const { call, subnetId, primaryOf, running, get, addressOfInstance, from, id } = asking()
    const second = running()
    const eni = call('CreateNetworkInterface', { SubnetId: subnetId, PrivateIpAddress: '10.0.1.210' })
    call('AttachNetworkInterface', {
      NetworkInterfaceId: must(eni.NetworkInterface?.NetworkInterfaceId),
      InstanceId: second,
      DeviceIndex: 1,
    })
    call('AssignPrivateIpAddresses', { NetworkInterfaceId: primaryOf(id), PrivateIpAddresses: ['10.0.1.211'] })
    assert.equal(get('10.0.1.210', ID).body, second)
    assert.equal(get(addressOfInstance(second), ID).body, second)
    assert.equal(get('10.0.1.211', ID).body, id)
    assert.equal(get(from, ID).body, id)
  })

  test('an address of a stopped instance, of another VPC, or of nobody is answered nothing', () => {
    const { call, settled, id, from, get, metadata } = asking()
    const asked = { method: 'GET', path: ID, headers: {} }
    assert.equal(metadata('vpc-0', ip(from), asked).status, 404)
    assert.equal(get('10.0.1.250', ID).status, 404)
    call('StopInstances', { InstanceIds: [id] })
    settled()
    assert.equal(get(from, ID).status, 404)
  })

  test('an instance that is still pending is answered', () => {
    const p = metadataPlace()
    const [pending] = p.run({ MetadataOptions: { HttpTokens: 'optional' } })
    assert.equal(p.text(String(pending?.PrivateIpAddress), 'meta-data/instance-id'), pending?.InstanceId)
  })
})

/** What the metadata service says. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { must } from '../../ec2/place.ts'
import { metadataPlace } from './service.ts'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIOTfwoMBQrTWF0eQVs2BPCXeMWTGdvNKBjzDcvX6Uyy'

function described(launch: Parameters<ReturnType<typeof metadataPlace>['running']>[0] = {}) {
  const p = metadataPlace()
  const id = p.running(launch)
  const from = p.addressOfInstance(id)
  return {
    ...p,
    id,
    from,
    say: (path: string) => p.text(from, path),
    meta: (path: string) => p.text(from, `meta-data/${path}`),
  }
}

describe('the tree', () => {
  test('every version that clients ask for has it', () => {
    const { from, get, id } = described()
    const versions = get(from, '/').body.split('\n')
    for (const version of ['1.0', '2009-04-04', '2016-09-02', '2018-09-24', '2021-03-23', 'latest']) {
      assert.ok(versions.includes(version), version)
      assert.equal(get(from, `/${version}/meta-data/instance-id`).body, id)
    }
    for (const path of ['/2000-01-01/meta-data/instance-id', '/LATEST/', '/favicon.ico'])
      assert.equal(get(from, path).status, 404, path)
  })

  test('directories list with a slash behind what has more in it; slashes too many do not matter', () => {
    const { say, meta } = described()
    assert.equal(say(''), 'dynamic/\nmeta-data/')
    assert.equal(meta('placement/'), 'availability-zone\navailability-zone-id\nregion')
    assert.equal(meta('placement'), meta('placement/'))
    assert.equal(meta('instance-id/'), meta('/instance-id'))
    assert.match(
      String(meta('')),
      /^ami-id\nami-launch-index\nami-manifest-path\nblock-device-mapping\/\nevents\/\nhostname\n/,
    )
  })

  test('what is not there is 404, with the page that says so', () => {
    const { from, get, meta } = described()
    for (const path of [
      'iam/',
      'iam/security-credentials/',
      'spot/instance-action',
      'instance-id/x',
      '__proto__',
      'toString',
      '%ff',
    ])
      assert.equal(meta(path), 404, path)
    for (const path of ['pkcs7', 'rsa2048', 'signature'])
      assert.equal(get(from, `/latest/dynamic/instance-identity/${path}`).status, 404)
    assert.match(get(from, '/latest/x').body, /<h1>404 - Not Found<\/h1>/)
    assert.equal(get(from, '/latest/x').headers['content-type'], 'text/html')
  })

  test('all that a listing names can be fetched, as cloud-init does', () => {
    const { from, get, say } = described({ UserData: Buffer.from('#!/bin/sh\n').toString('base64') })
    const walk = (path: string): number =>
      String(say(path))
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const next = `${path}${line.replace(/^(\d+)=.*/, '$1/openssh-key')}`
          assert.equal(get(from, `/latest/${next}`).status, 200, next)
          return line.endsWith('/') ? walk(next) : 1
        })
        .reduce((sum, n) => sum + n, 0)
    assert.ok(walk('') > 40)
  })
})

describe('meta-data', () => {
  test('who and where the instance is', () => {
    const { id, see, meta, from } = described({ InstanceType: 't3.micro' })
    const { ImageId, Placement, NetworkInterfaces } = see(id)
    const said = ['ami-id', 'instance-id', 'instance-type', 'local-ipv4', 'mac', 'placement/availability-zone'].map(
      meta,
    )
    const mac = NetworkInterfaces?.[0]?.MacAddress
    assert.deepEqual(said, [ImageId, id, 't3.micro', from, mac, Placement?.AvailabilityZone])
    assert.deepEqual([meta('placement/availability-zone-id'), meta('placement/region')], ['use1-az1', 'us-east-1'])
    assert.deepEqual([meta('services/domain'), meta('services/partition')], ['amazonaws.com', 'aws'])
    assert.deepEqual(
      [meta('instance-life-cycle'), meta('instance-action'), meta('system')],
      ['on-demand', 'none', 'nitro'],
    )
    assert.match(String(meta('reservation-id')), /^r-/)
    assert.equal(meta('security-groups'), 'default')
    assert.deepEqual([meta('block-device-mapping/'), meta('block-device-mapping/root')], ['ami\nroot', '/dev/xvda'])
  })

  test('its names: of the address, or of the id where the subnet says so', () => {
    const { call, from, meta, running, subnetId, text, addressOfInstance } = described()
    const name = `ip-${from.replaceAll('.', '-')}.ec2.internal`
    assert.deepEqual([meta('hostname'), meta('local-hostname')], [name, name])
    call('ModifySubnetAttribute', { SubnetId: subnetId, PrivateDnsHostnameTypeOnLaunch: 'resource-name' })
    const id = running()
    assert.equal(text(addressOfInstance(id), 'meta-data/local-hostname'), `${id}.ec2.internal`)
  })

  test('G9: public address and name while there are any', () => {
    const { call, id, meta, see, elastic, vpcId } = described()
    assert.deepEqual([meta('public-ipv4'), meta('public-hostname')], [404, 404])
    call('AssociateAddress', { AllocationId: elastic(), InstanceId: id })
    const { PublicIpAddress, PublicDnsName } = see(id)
    assert.deepEqual([meta('public-ipv4'), meta('public-hostname')], [PublicIpAddress, PublicDnsName])
    call('ModifyVpcAttribute', { VpcId: vpcId, EnableDnsHostnames: { Value: false } })
    assert.deepEqual([meta('public-ipv4'), meta('public-hostname')], [PublicIpAddress, 404])
  })

  test('each interface as itself', () => {
    const { call, id, meta, vpcId, elastic, interfaceOf } = described()
    const subnetId = must(
      call('CreateSubnet', { VpcId: vpcId, CidrBlock: '10.0.2.0/24', AvailabilityZone: 'us-east-1a' }).Subnet?.SubnetId,
    )
    const group = must(call('CreateSecurityGroup', { GroupName: 'web', Description: 'd', VpcId: vpcId }).GroupId)
    const wish = {
      SubnetId: subnetId,
      PrivateIpAddress: '10.0.2.9',
      Groups: [group],
      SecondaryPrivateIpAddressCount: 1,
    }
    const eni = must(call('CreateNetworkInterface', wish).NetworkInterface)
    const eniId = must(eni.NetworkInterfaceId)
    call('AttachNetworkInterface', { NetworkInterfaceId: eniId, InstanceId: id, DeviceIndex: 1 })
    call('AssociateAddress', { AllocationId: elastic(), NetworkInterfaceId: eniId })
    const publicIp = must(interfaceOf(eniId).Association?.PublicIp)
    const macs = String(meta('network/interfaces/macs/')).split('\n')
    assert.deepEqual(macs, [`${meta('mac')}/`, `${eni.MacAddress}/`])
    const of = (name: string) => meta(`network/interfaces/macs/${eni.MacAddress}/${name}`)
    const expected = {
      'device-number': '1',
      'interface-id': eni.NetworkInterfaceId,
      'ipv4-associations/': publicIp,
      [`ipv4-associations/${publicIp}`]: '10.0.2.9',
      'local-hostname': 'ip-10-0-2-9.ec2.internal',
      'local-ipv4s': eni.PrivateIpAddresses?.map((a) => a.PrivateIpAddress).join('\n'),
      mac: eni.MacAddress,
      'owner-id': '123456789012',
      'public-ipv4s': publicIp,
      'security-group-ids': group,
      'security-groups': 'web',
      'subnet-id': subnetId,
      'subnet-ipv4-cidr-block': '10.0.2.0/24',
      'vpc-id': vpcId,
      'vpc-ipv4-cidr-block': '10.0.0.0/16',
      'vpc-ipv4-cidr-blocks': '10.0.0.0/16',
    }
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, of(name)])), expected)
    assert.equal(meta('public-ipv4'), 404)
  })

  test('the key pair of the launch', () => {
    const p = metadataPlace()
    p.call('ImportKeyPair', { KeyName: 'my key', PublicKeyMaterial: Buffer.from(`${KEY} me`) })
    const from = p.addressOfInstance(p.running({ KeyName: 'my key' }))
    const said = ['', '0/', '0/openssh-key'].map((path) => p.text(from, `meta-data/public-keys/${path}`))
    assert.deepEqual(said.slice(0, 2), ['0=my key', 'openssh-key'])
    assert.match(String(said[2]), /^ssh-ed25519 AAAA\S+( \S.*)?\n$/)
    assert.equal(p.text(p.addressOfInstance(p.running()), 'meta-data/public-keys/'), 404)
  })

  test('I1: the keys that Instance Connect has pushed, for the user they were pushed for', () => {
    const keys: Record<string, string[]> = {}
    const p = metadataPlace(keys)
    const [one, two] = [p.running(), p.running()]
    keys[`${one} ec2-user`] = [KEY, `${KEY} 2`]
    const path = 'meta-data/managed-ssh-keys/active-keys'
    assert.equal(p.text(p.addressOfInstance(one), `${path}/ec2-user/`), `${KEY}\n${KEY} 2`)
    assert.equal(p.text(p.addressOfInstance(one), `${path}/root/`), 404)
    assert.equal(p.text(p.addressOfInstance(two), `${path}/ec2-user/`), 404)
    assert.equal(p.text(p.addressOfInstance(two), `${path}/`), '')
  })

  test('tags, where the instance shows them', () => {
    const TagSpecifications = [
      {
        ResourceType: 'instance' as const,
        Tags: [
          { Key: 'Name', Value: 'web 1' },
          { Key: 'a=b', Value: '' },
        ],
      },
    ]
    assert.equal(described({ TagSpecifications }).meta('tags/'), 404)
    const MetadataOptions = { HttpTokens: 'optional', InstanceMetadataTags: 'enabled' } as const
    const { meta } = described({ TagSpecifications, MetadataOptions })
    assert.deepEqual(
      [meta('tags/instance/'), meta('tags/instance/Name'), meta('tags/instance/a=b')],
      ['Name\na=b', 'web 1', ''],
    )
    assert.equal(meta('tags/instance/a'), 404)
  })
})

describe('user-data and dynamic', () => {
  test('user data as it was before it was encoded; 404 where there is none', () => {
    const script = '#!/bin/sh\necho grüße\n'
    const { from, get, say } = described({ UserData: Buffer.from(script).toString('base64') })
    const { body, encoding } = get(from, '/latest/user-data')
    assert.equal(Buffer.from(body, encoding).toString(), script)
    assert.equal(get(from, '/latest/user-data').headers['content-type'], 'application/octet-stream')
    assert.equal(say(''), 'dynamic/\nmeta-data/\nuser-data')
    assert.equal(described().say('user-data'), 404)
  })

  test('the identity document', () => {
    const { id, say, from, imageId } = described()
    const text = String(say('dynamic/instance-identity/document'))
    assert.match(text, /^\{\n {2}"accountId" : "123456789012",\n {2}"architecture" : "x86_64",\n/)
    assert.deepEqual(JSON.parse(text), {
      accountId: '123456789012',
      architecture: 'x86_64',
      availabilityZone: 'us-east-1a',
      billingProducts: null,
      devpayProductCodes: null,
      marketplaceProductCodes: null,
      imageId,
      instanceId: id,
      instanceType: 't2.micro',
      kernelId: null,
      pendingTime: '2026-01-01T00:00:00Z',
      privateIp: from,
      ramdiskId: null,
      region: 'us-east-1',
      version: '2017-09-30',
    })
  })
})

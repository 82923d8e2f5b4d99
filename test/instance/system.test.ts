import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import type { GuestFile } from '../../src/engines/engine.ts'
import { guestOf } from '../../src/instance/guest.ts'
import { publicParameter } from '../../src/ec2/image.ts'
import type { Input } from '../../src/protocol/types.ts'
import { US, world } from '../ec2/world.ts'

const UBUNTU = '/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id'
const AMAZON = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64'

function launched(more: Partial<Input<'RunInstances'>> = {}, parameter = AMAZON) {
  const w = world()
  const vpc = w.call('CreateVpc', { CidrBlock: '10.1.0.0/16' }).Vpc?.VpcId ?? ''
  const subnet = w.call('CreateSubnet', { VpcId: vpc, CidrBlock: '10.1.0.0/20' }).Subnet?.SubnetId ?? ''
  const ran = w.call('RunInstances', {
    ImageId: publicParameter(parameter, US.region)?.value,
    InstanceType: 't2.micro',
    SubnetId: subnet,
    PrivateIpAddress: '10.1.7.162',
    MinCount: 1,
    MaxCount: 1,
    ...more,
  })
  const id = ran.Instances?.[0]?.InstanceId ?? ''
  const instance = w.records.get('instance', id)
  assert.ok(instance)
  const guest = guestOf(w.records, instance)
  const textOf = (path: string): string => guest.files.find((f) => f.path === path)?.text ?? assert.fail(`no ${path}`)
  return { w, id, guest, textOf }
}

describe('the guest of an instance', () => {
  test('has the name of its address, the domain of its Region, and base+2 as its name server (P6)', () => {
    const { guest, textOf } = launched()
    assert.equal(guest.hostname, 'ip-10-1-7-162')
    assert.match(textOf('/etc/resolv.conf'), /^search ec2\.internal\nnameserver 10\.1\.0\.2\n/)
    assert.equal(textOf('/etc/hostname'), 'ip-10-1-7-162\n')
  })

  test('has its id as its name where it was asked for', () => {
    const { guest, id } = launched({ PrivateDnsNameOptions: { HostnameType: 'resource-name' } })
    assert.equal(guest.hostname, id)
  })

  test('has the memory of its type, and is booted as often as its record says', () => {
    const { guest } = launched()
    assert.equal(guest.memory, 1024 ** 3)
    assert.equal(guest.boot, 1)
    assert.equal(launched({ InstanceType: 't2.nano' }).guest.memory, 512 * 1024 ** 2)
  })

  test('is ec2-user’s, whose account no password opens and no lock closes', () => {
    const { textOf } = launched()
    assert.match(textOf('/etc/passwd'), /^ec2-user:x:1000:1000:EC2 Default User:\/home\/ec2-user:\/bin\/bash$/m)
    assert.match(textOf('/etc/shadow'), /^ec2-user:\*:/m)
    assert.match(textOf('/etc/shadow'), /^root:\*:/m)
    assert.doesNotMatch(textOf('/etc/shadow'), /!|\$/)
    assert.match(textOf('/etc/group'), /^wheel:x:11:ec2-user$/m)
    assert.match(textOf('/etc/bashrc'), /PS1='\[\\u@\\h \\W\]\\\$ '/)
  })

  test('of an Ubuntu image is ubuntu’s too, and ec2-user is a second name', () => {
    const { textOf } = launched({}, UBUNTU)
    assert.match(textOf('/etc/passwd'), /^ubuntu:x:1000:1000:Ubuntu:\/home\/ubuntu:\/bin\/bash\nec2-user:x:1000:.*$/m)
    assert.match(textOf('/etc/sudoers.d/90-cloud-init-users'), /^ubuntu ALL=\(ALL\) NOPASSWD:ALL$/m)
  })

  test('says that it is no image’s own system', () => {
    const { textOf } = launched()
    assert.match(textOf('/etc/os-release'), /^ID=isthmus$/m)
    assert.match(textOf('/etc/os-release'), /^PRETTY_NAME="Isthmus guest in place of al2023-ami-/m)
    assert.match(textOf('/etc/motd'), /Isthmus/)
  })

  test('has no user, group or number twice', () => {
    const { textOf } = launched()
    for (const path of ['/etc/passwd', '/etc/group']) {
      const rows = textOf(path)
        .trimEnd()
        .split('\n')
        .map((row) => row.split(':'))
      for (const column of [0, 2]) {
        const values = rows.map((row) => row[column])
        assert.equal(new Set(values).size, values.length, `${path}, column ${column}`)
      }
    }
  })

  test('lets the key pair’s key in, and tells root’s to use the other login', () => {
    const w = launched()
    assert.doesNotMatch(w.textOf('/opt/isthmus/boot'), /authorize ec2-user/)
    const KeyMaterial = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEPO7BQTVwbhWNbgpPftZ/W+pWYuJYT7eKj1OhWadl1n me'
    const { records } = w.w
    const instance = records.get('instance', w.id)
    assert.ok(instance)
    const { files } = guestOf(records, { ...instance, publicKey: KeyMaterial })
    const boot = files.find(({ path }) => path === '/opt/isthmus/boot')?.text ?? ''
    const fed = (who: string) =>
      Buffer.from(new RegExp(`authorize ${who} <<'-END-'\n([^-]*)\n-END-`).exec(boot)?.[1] ?? '', 'base64').toString()
    assert.equal(fed('ec2-user'), `${KeyMaterial}\n`)
    assert.match(fed('root'), /^no-port-forwarding,.*command="echo .*ec2-user.*" ssh-ed25519 /)
  })

  test('keeps what its owner makes of /etc, and gets new programs of Isthmus’s at every boot', () => {
    const { guest } = launched()
    const others = guest.files.filter((f) => !f.path.startsWith('/opt/') && !f.once).map(({ path }) => path)
    assert.deepEqual(others, ['/etc/resolv.conf', '/etc/os-release', '/etc/system-release'])
    for (const { path, once } of guest.files) if (path.startsWith('/opt/')) assert.ok(!once, path)
  })

  test('has secrets that only its root reads', () => {
    const { guest } = launched({ UserData: Buffer.from('#!/bin/sh\n').toString('base64') })
    const open = ({ path, mode }: GuestFile) => /shadow|sudoers|user-data/.test(path) && (mode & 0o007) !== 0
    assert.deepEqual(guest.files.filter(open), [])
  })

  test('has scripts that a shell can read', () => {
    const { guest } = launched({ UserData: Buffer.from('#!/bin/sh\necho hi\n').toString('base64') })
    const scripts = guest.files.filter(({ path, text }) => path.startsWith('/opt/') || text.startsWith('#!'))
    assert.ok(scripts.length > 12)
    for (const { path, text } of scripts) {
      const shell = text.startsWith('#!/bin/bash') ? 'bash' : 'sh'
      const { status, stderr } = spawnSync(shell, ['-n'], { input: text, encoding: 'utf8' })
      assert.equal(`${status}${stderr}`, '0', path)
    }
  })
})

/** `hostile-on-linux.ts`: everything a client can name, named by hostile texts, in a kernel; prints what came of it. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Ec2 } from '../../src/client/ec2-client.ts'
import { execute } from '../../src/client/exec.ts'
import { ask, caughtUp, clientOf, served } from '../server/bench.ts'
import { heard } from '../server/instance.ts'
import { raw } from '../protocol/raw.ts'
import { HOSTILE_TEXTS, MARK } from './hostile.ts'

const stateDir = mkdtempSync(join(tmpdir(), 'isthmus-hostile-'))
const ends: (() => unknown)[] = []
const taken: Record<string, number> = {}
const refused: Record<string, number> = {}
const codes = new Set<string>()

/** The answer; nothing where it is refused, as EC2 does with some of these texts. */
async function attempt<T>(what: string, call: Promise<T>): Promise<T | undefined> {
  try {
    const answer = await call
    taken[what] = (taken[what] ?? 0) + 1
    return answer
  } catch (error) {
    refused[what] = (refused[what] ?? 0) + 1
    codes.add((error as { code?: string }).code ?? String(error))
    return undefined
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBv0zBQ5AjvqPqyYcXyuMRzyFnDgxqKGn4oRfxLmlbQz'
const world = '0.0.0.0/0'

/** A VPC with an instance in it, to which all texts are given in turn. */
async function place(ec2: Ec2) {
  const VpcId = (await ec2.call('CreateVpc', { CidrBlock: '10.1.0.0/16' })).Vpc?.VpcId ?? ''
  const SubnetId = (await ec2.call('CreateSubnet', { VpcId, CidrBlock: '10.1.1.0/24' })).Subnet?.SubnetId ?? ''
  const [acl] =
    (await ec2.call('DescribeNetworkAcls', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })).NetworkAcls ?? []
  const Filters = [{ Name: 'architecture', Values: ['x86_64'] }]
  const [image] = (await ec2.call('DescribeImages', { Owners: ['amazon'], Filters })).Images ?? []
  return { VpcId, SubnetId, aclId: acl?.NetworkAclId ?? '', ImageId: image?.ImageId ?? '' }
}
type Place = Awaited<ReturnType<typeof place>>

/** Records that reach the kernel, with the text wherever there is room for one. */
async function name(ec2: Ec2, { VpcId, SubnetId }: Place, text: string, n: number): Promise<string | undefined> {
  const Description = text
  const Tags = [{ Key: `k${text}`.slice(0, 128), Value: text }]
  const Groups = await attempt(
    'group',
    ec2.call('CreateSecurityGroup', { GroupName: `${text}${n}`, Description, VpcId }),
  )
  const { GroupId } =
    Groups ?? (await ec2.call('CreateSecurityGroup', { GroupName: `group ${n}`, Description: 'none', VpcId }))
  const IpPermissions = [
    { IpProtocol: 'tcp', FromPort: n + 1, ToPort: n + 1, IpRanges: [{ CidrIp: world, Description }] },
  ]
  await attempt('rule', ec2.call('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions }))
  const made = await attempt(
    'interface',
    ec2.call('CreateNetworkInterface', { SubnetId, Description, Groups: [GroupId ?? ''] }),
  )
  // Fifty tags are all that a resource takes.
  const shared = n < 40 ? [VpcId, SubnetId] : []
  const Resources = [...shared, GroupId ?? '', made?.NetworkInterface?.NetworkInterfaceId ?? VpcId]
  await attempt('tags', ec2.call('CreateTags', { Resources: [...new Set(Resources)], Tags }))
  const PublicKeyMaterial = Buffer.from(`${KEY} ${text}`)
  const key = await attempt('key', ec2.call('ImportKeyPair', { KeyName: text, PublicKeyMaterial }))
  const list = {
    PrefixListName: text,
    MaxEntries: 1,
    AddressFamily: 'IPv4',
    Entries: [{ Cidr: '10.9.0.0/16', Description }],
  }
  await attempt('prefix list', ec2.call('CreateManagedPrefixList', list))
  const DhcpConfigurations = [{ Key: 'domain-name', Values: [text] }]
  const options = await attempt('options', ec2.call('CreateDhcpOptions', { DhcpConfigurations }))
  const DhcpOptionsId = options?.DhcpOptions?.DhcpOptionsId
  if (DhcpOptionsId) await attempt('association', ec2.call('AssociateDhcpOptions', { DhcpOptionsId, VpcId }))
  return key?.KeyName
}

/** An instance that has all of it: a key, tags that its metadata shows, user data, a client's token. */
function launch(ec2: Ec2, { SubnetId, ImageId }: Place, text: string, KeyName: string | undefined) {
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [{ Key: 'Name', Value: text }] }]
  const UserData = base64(`#cloud-config\nhostname: ${JSON.stringify(text)}\nfqdn: ${JSON.stringify(text)}\n`)
  const MetadataOptions = { InstanceMetadataTags: 'enabled' as const }
  const size = { InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1 }
  const asked = {
    ...size,
    SubnetId,
    ImageId,
    UserData,
    TagSpecifications,
    MetadataOptions,
    ClientToken: text.slice(0, 64),
  }
  return attempt('instance', ec2.call('RunInstances', { ...asked, ...(KeyName !== undefined && { KeyName }) }))
}

/** What a client can say before anybody knows who it is: in the path, the headers, the signature. */
async function say(port: number, text: string): Promise<void> {
  const safe = text.toWellFormed().replace(/[\r\n\0]/g, ' ')
  for (const line of [
    `GET /${safe} HTTP/1.1\r\nHost: localhost\r\n`,
    `GET /?Action=${encodeURIComponent(text.toWellFormed())} HTTP/1.1\r\nHost: localhost\r\n`,
    `GET / HTTP/1.1\r\nHost: ${safe}\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: ${safe}\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${safe}\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: ${safe}\r\n`,
  ]) {
    const client = raw(port)
    client.socket.end(`${line}Connection: close\r\n\r\n`)
    await client.closed
  }
}

/** File names below a folder, without what is in a guest's own disk. */
const namesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => [
    entry.name,
    ...(entry.isDirectory() && entry.name !== 'disk' ? namesIn(join(folder, entry.name)) : []),
  ])

const server = await served({ after: (end) => void ends.push(end as () => unknown) }, stateDir, { sim: false })
const ec2 = clientOf(server.endpoint)
const where = await place(ec2)
const ids: string[] = []
for (const [n, text] of HOSTILE_TEXTS.entries()) {
  const key = await name(ec2, where, text, n)
  // A few instances are enough: each has one text in all its places.
  const launched = n % 6 === 0 ? await launch(ec2, where, text, key) : undefined
  const id = launched?.Instances?.[0]?.InstanceId
  if (id) ids.push(id)
  await say(Number(new URL(server.endpoint).port), text)
}
await caughtUp(stateDir)
const list = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 })
const namespaces = list('ip', 'netns', 'list')
  .split('\n')
  .map((line) => line.split(' ')[0] ?? '')
  .filter(Boolean)
const rules = namespaces.map((namespace) => list('ip', 'netns', 'exec', namespace, 'nft', '-j', 'list', 'ruleset'))
const links = namespaces.map((namespace) => list('ip', '-n', namespace, '-d', '-j', 'link'))
/** What a guest finds of it within its own files. */
async function inside(id: string): Promise<string> {
  const execution = await execute(stateDir, id, [
    'sh',
    '-c',
    'cat /etc/resolv.conf /etc/hosts; hostname; ls /tmp; echo end',
  ])
  const output = heard(execution)
  await output.line('end')
  return output.all()
}
const guests = await Promise.all(ids.map(inside))
const marks = [tmpdir(), '/tmp', process.cwd(), stateDir, '/'].filter((folder) => existsSync(join(folder, MARK)))
const files = namesIn(stateDir)
const log = server.log()
await ask({ stateDir }, 'POST', '/stop', { body: {} })
const exit = await server.ended
for (const end of ends) await end()
rmSync(stateDir, { recursive: true, force: true })
const seen = { taken, refused, codes: [...codes], ids, namespaces, rules, links, guests, marks, files, log, exit }
process.stdout.write(`${JSON.stringify(seen)}\n`)

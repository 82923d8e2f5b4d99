/** The AWS CLI: its forms of output and input, its pages, its filters, dry runs and waiters, on a simulator. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { clientOf, folder, served, suite } from '../server/bench.ts'
import { estate, quotas } from './estate.ts'

/** Where a machine may have one, by version: 1 and 2 differ in what they print. */
const versions = new Map(
  ['aws', '/usr/bin/aws'].flatMap((command): [string, string][] => {
    const { stdout, stderr } = spawnSync(command, ['--version'], { encoding: 'utf8' })
    const [, version] = /aws-cli\/(\d)/.exec(`${stdout}${stderr}`) ?? []
    return version === undefined ? [] : [[version, command]]
  }),
)
const run = promisify(execFile)

if (versions.size === 0) test('the AWS CLI', { skip: 'the AWS CLI is not installed' })

for (const [version, command] of versions)
  describe(`version ${version} of the AWS CLI`, () => {
    const end = suite()
    const started = served(end, folder(end), { quotas })
    const estated = started.then(({ endpoint }) => estate(clientOf(endpoint, '111122223333', 'eu-west-1')))

    /** What `aws ec2 ...` prints. */
    async function ec2(args: string, ...more: string[]): Promise<string> {
      const { endpoint } = await started
      await estated
      const env = {
        PATH: process.env.PATH,
        HOME: '/nonexistent',
        AWS_ACCESS_KEY_ID: '111122223333',
        AWS_SECRET_ACCESS_KEY: 'any',
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PAGER: '',
      }
      const { stdout } = await run(command, ['ec2', ...args.split(' '), ...more, '--endpoint-url', endpoint], { env })
      return stdout.trim()
    }
    const json = async (args: string, ...more: string[]): Promise<unknown> =>
      JSON.parse(await ec2(args, ...more, '--output', 'json'))
    const refused = (args: string, said: string) =>
      assert.rejects(ec2(args), (error: { stderr: string }) => error.stderr.includes(said))

    test('prints JSON, a table and text', async () => {
      const query = 'Vpcs[?IsDefault].[CidrBlock,State]'
      assert.deepEqual(await json('describe-vpcs --query', query), [['172.31.0.0/16', 'available']])
      assert.equal(await ec2('describe-vpcs --output text --query', query), '172.31.0.0/16\tavailable')
      const table = await ec2('describe-vpcs --output table --query', query)
      assert.match(table, /DescribeVpcs +\|/)
      assert.match(table, /\| +172\.31\.0\.0\/16 +\| +available +\|/)
    })

    test('prints YAML', { skip: version === '1' && 'version 1 prints none' }, async () => {
      const printed = await ec2('describe-vpcs --output yaml --query', 'Vpcs[?IsDefault].{block: CidrBlock}')
      assert.equal(printed, '- block: 172.31.0.0/16')
    })

    for (const listing of ['instances', 'security-groups', 'network-interfaces', 'route-tables', 'network-acls'])
      test(`prints ${listing} as a table and as text`, async () => {
        assert.match(await ec2(`describe-${listing} --output table`), /^-+\n\|/)
        assert.match(await ec2(`describe-${listing} --output text`), /^[A-Z]+\t/)
      })

    test('filters by attribute, by tag, by several values and by pattern', async () => {
      const blocks = (filters: string) => json(`describe-vpcs --query Vpcs[].CidrBlock --filters ${filters}`)
      assert.deepEqual(await blocks('Name=cidr,Values=10.1.0.0/16'), ['10.1.0.0/16'])
      assert.deepEqual(await blocks('Name=tag:number,Values=2,3'), ['10.2.0.0/16', '10.3.0.0/16'])
      assert.deepEqual(await blocks('Name=cidr,Values=10.?.0.0/16 Name=tag:number,Values=4*'), ['10.4.0.0/16'])
      assert.deepEqual(await blocks('Name=tag-key,Values=none'), [])
      await refused('describe-vpcs --filters Name=colour,Values=red', "The filter 'colour' is invalid")
    })

    test('asks for pages, and begins again where it stopped', async () => {
      const all = await json('describe-network-interfaces --query NetworkInterfaces[].NetworkInterfaceId')
      const paged = 'describe-network-interfaces --query NetworkInterfaces[].NetworkInterfaceId --page-size 5'
      assert.deepEqual(await json(paged), all)
      const first = (await json('describe-network-interfaces --max-items 7 --page-size 5')) as Page
      const rest = (await json(`describe-network-interfaces --starting-token ${first.NextToken}`)) as Page
      const ids = [first, rest].flatMap((page) => page.NetworkInterfaces.map((one) => one.NetworkInterfaceId))
      assert.deepEqual(ids, all)
      const one = (await json('describe-network-interfaces --no-paginate --max-results 5')) as Page
      assert.equal(one.NetworkInterfaces.length, 5)
    })

    test('tries a call without its effect', async () => {
      const count = () => json('describe-vpcs --query length(Vpcs)')
      const before = await count()
      await refused('create-vpc --cidr-block 10.150.0.0/16 --dry-run', '(DryRunOperation)')
      await refused('create-vpc --cidr-block 10.150.0.0/30 --dry-run', '(InvalidVpc.Range)')
      assert.equal(await count(), before)
    })

    test('fills in its own skeleton of a call', async () => {
      const skeleton = (await json('create-subnet --generate-cli-skeleton input')) as object
      const { VpcId, CidrBlock } = (await vpcNamed('10.1.0.0/16')) as { VpcId: string; CidrBlock: string }
      const wanted = { VpcId, CidrBlock: CidrBlock.replace('0.0/16', '77.0/24'), AvailabilityZone: 'eu-west-1b' }
      assert.deepEqual(
        Object.keys(wanted).filter((name) => !(name in skeleton)),
        [],
      )
      const input = JSON.stringify({ ...wanted, DryRun: false })
      const made = await json('create-subnet --query Subnet.[CidrBlock,AvailabilityZone] --cli-input-json', input)
      assert.deepEqual(made, ['10.1.77.0/24', 'eu-west-1b'])
    })
    const vpcNamed = (block: string) => json(`describe-vpcs --query Vpcs[0] --filters Name=cidr,Values=${block}`)

    test('waits', async () => {
      const [image, subnet] = await Promise.all([
        ec2('describe-images --owners amazon --output text --query Images[0].ImageId'),
        ec2('describe-subnets --output text --query Subnets[0].SubnetId'),
      ])
      const launch = `run-instances --image-id ${image} --instance-type t3.nano --subnet-id ${subnet}`
      const id = await ec2(`${launch} --output text --query Instances[0].InstanceId`)
      await ec2(`wait instance-running --instance-ids ${id}`)
      await ec2(`wait instance-status-ok --instance-ids ${id}`)
      await ec2(`terminate-instances --instance-ids ${id}`)
      await ec2(`wait instance-terminated --instance-ids ${id}`)
      await refused(`wait instance-running --instance-ids ${id}`, 'Waiter InstanceRunning failed')
    })

    test('writes rules in its short forms', async () => {
      const { VpcId } = (await vpcNamed('10.2.0.0/16')) as { VpcId: string }
      const group = await ec2(
        `create-security-group --group-name cli --description d --vpc-id ${VpcId} --output text --query GroupId`,
      )
      await ec2(`authorize-security-group-ingress --group-id ${group} --protocol tcp --port 80-81 --cidr 10.0.0.0/8`)
      await ec2(`authorize-security-group-ingress --group-id ${group} --protocol icmp --port -1 --cidr 0.0.0.0/0`)
      await ec2(`authorize-security-group-ingress --group-id ${group} --protocol all --source-group ${group}`)
      const pairs = `IpProtocol=udp,FromPort=53,ToPort=53,Ipv6Ranges=[{CidrIpv6=::/0}]`
      await ec2(`authorize-security-group-egress --group-id ${group} --ip-permissions ${pairs}`)
      const rules = 'SecurityGroupRules[].[IsEgress,IpProtocol,FromPort,ToPort]'
      assert.deepEqual(
        await json(`describe-security-group-rules --filters Name=group-id,Values=${group} --query`, rules),
        [
          [true, '-1', -1, -1],
          [false, 'tcp', 80, 81],
          [false, 'icmp', -1, -1],
          [false, '-1', -1, -1],
          [true, 'udp', 53, 53],
        ],
      )
    })
  })

interface Page {
  readonly NextToken?: string
  readonly NetworkInterfaces: readonly { readonly NetworkInterfaceId: string }[]
}

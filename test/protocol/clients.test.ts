/** Clients that nobody here wrote, against the real server: the AWS CLI, boto3 and the AWS SDK for JavaScript. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import * as client from '@aws-sdk/client-ec2'
import { parseCredentials } from '../../src/protocol/credentials.ts'
import { image, startServer } from './server.ts'

const key = { accessKeyId: '111122223333', secretAccessKey: 'a/secret+with=signs' }
const credentials = parseCredentials(
  `[default]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}`,
)
// Signatures are enforced, so that every call below also proves that the client's own is understood.
const server = await startServer({ credentials })
after(() => server.close())

const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
const withoutCli = works('aws', '--version') ? false : 'the AWS CLI is not installed'
const knowing = 'import boto3; from botocore.configprovider import ConfiguredEndpointProvider'
const withoutBoto3 = works('python3', '-c', knowing) ? false : 'no boto3 is installed that knows AWS_ENDPOINT_URL'

const environment = (secret = key.secretAccessKey) => ({
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  AWS_ENDPOINT_URL: server.url,
  AWS_ACCESS_KEY_ID: key.accessKeyId,
  AWS_SECRET_ACCESS_KEY: secret,
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_EC2_METADATA_DISABLED: 'true',
})
const run = promisify(execFile)

async function aws(...args: string[]): Promise<unknown> {
  const { stdout } = await run('aws', [...args, '--output', 'json'], { env: environment() })
  return stdout ? JSON.parse(stdout) : undefined
}

test('the AWS CLI creates, finds and deletes', { skip: withoutCli }, async () => {
  const tags = 'ResourceType=vpc,Tags=[{Key=Name,Value=a <b> & c}]'
  const created = await aws('ec2', 'create-vpc', '--cidr-block', '10.9.0.0/16', '--tag-specifications', tags)
  const { Vpc } = created as { Vpc: { OwnerId: string; Tags: unknown } }
  assert.equal(Vpc.OwnerId, '111122223333')
  assert.deepEqual(Vpc.Tags, [{ Key: 'Name', Value: 'a <b> & c' }])
  const found = await aws('ec2', 'describe-vpcs', '--filters', 'Name=cidr,Values=10.9.0.0/16,10.8.0.0/16')
  assert.deepEqual((found as { Vpcs: unknown[] }).Vpcs, [Vpc])
  await aws('ec2', 'delete-vpc', '--vpc-id', 'vpc-0')
})

for (const [args, said] of [
  [
    'ec2 delete-vpc --vpc-id vpc-77',
    "(InvalidVpcID.NotFound) when calling the DeleteVpc operation: The vpc ID 'vpc-77'",
  ],
  [
    'ec2 create-vpc --cidr-block a --instance-tenancy shared',
    '(InvalidParameterValue) when calling the CreateVpc operation',
  ],
  ['ec2 describe-hosts', '(UnsupportedOperation) when calling the DescribeHosts operation: The action'],
  ['ssm get-parameter --name /none', '(ParameterNotFound) when calling the GetParameter operation: Parameter /none'],
  ['sts get-session-token', '(UnsupportedOperation) when calling the GetSessionToken operation'],
  ['logs describe-log-groups', '(UnsupportedOperation) when calling the DescribeLogGroups operation: The service logs'],
  ['iam list-roles', '(UnsupportedOperation) when calling the ListRoles operation: The service iam is not part'],
] as const) {
  test(`the AWS CLI says why \`aws ${args}\` fails`, { skip: withoutCli }, () =>
    assert.rejects(aws(...args.split(' ')), (error: { stderr: string }) => error.stderr.includes(said)),
  )
}

test('the AWS CLI asks STS and SSM', { skip: withoutCli }, async () => {
  const Arn = 'arn:aws:iam::111122223333:root'
  assert.deepEqual(await aws('sts', 'get-caller-identity'), { UserId: '111122223333', Account: '111122223333', Arn })
  const { Parameter } = (await aws('ssm', 'get-parameter', '--name', image)) as { Parameter: { Value: string } }
  assert.equal(Parameter.Value, 'ami-of-eu-west-1')
})

const script = `
import boto3, botocore, json
ec2 = boto3.resource('ec2')
tags = [{'ResourceType': 'vpc', 'Tags': [{'Key': 'é', 'Value': ''}]}]
vpc = ec2.create_vpc(CidrBlock='10.5.0.0/16', TagSpecifications=tags)
found = [v.id for v in ec2.vpcs.filter(Filters=[{'Name': 'cidr', 'Values': ['10.5.0.0/16']}])] == [vpc.id]
try:
    ec2.meta.client.delete_vpc(VpcId='vpc-77')
except botocore.exceptions.ClientError as error:
    code = error.response['Error']['Code']
    request = len(error.response['ResponseMetadata']['RequestId'])
names = boto3.client('ssm').get_parameters(Names=['/none'])['InvalidParameters']
who = boto3.client('sts').get_caller_identity()['Account']
print(json.dumps([found, vpc.tags, code, request, names, who]))
`

test('boto3 creates, finds, and gets its errors', { skip: withoutBoto3 }, async () => {
  const { stdout } = await run('python3', ['-c', script], { env: environment() })
  const tags = [{ Key: 'é', Value: '' }]
  assert.deepEqual(JSON.parse(stdout), [true, tags, 'InvalidVpcID.NotFound', 36, ['/none'], '111122223333'])
})

const sdk = (secretAccessKey = key.secretAccessKey) =>
  new client.EC2Client({
    endpoint: server.url,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { ...key, secretAccessKey },
  })

test('the AWS SDK for JavaScript creates, finds, and gets its errors', async () => {
  const ec2 = sdk()
  const { Vpc } = await ec2.send(
    new client.CreateVpcCommand({ CidrBlock: '10.6.0.0/16', InstanceTenancy: 'dedicated' }),
  )
  const Filters = [{ Name: 'cidr', Values: ['10.6.0.0/16'] }]
  const { Vpcs } = await ec2.send(new client.DescribeVpcsCommand({ Filters }))
  assert.deepEqual(Vpcs, [Vpc])
  assert.equal(Vpc?.InstanceTenancy, 'dedicated')
  const refused = { name: 'InvalidVpcID.NotFound', message: "The vpc ID 'vpc-77' does not exist" }
  await assert.rejects(ec2.send(new client.DeleteVpcCommand({ VpcId: 'vpc-77' })), refused)
})

test('a wrong secret is an AuthFailure', async () => {
  const refused = { name: 'AuthFailure', message: 'AWS was not able to validate the provided access credentials' }
  await assert.rejects(sdk('wrong').send(new client.DescribeVpcsCommand({})), refused)
})

/** What a request's parameters become, and what is refused with which words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode } from '../../src/protocol/decode.ts'
import { operationOf } from '../../src/protocol/model.ts'

function input(action: string, parameters: string): unknown {
  const operation = operationOf(action)
  assert.ok(operation, action)
  return decode(operation, new URLSearchParams(parameters))
}
const refused = (action: string, parameters: string, code: string, message: string | RegExp) =>
  assert.throws(() => input(action, parameters), { name: 'ApiError', code, message, status: 400 })

test('names of parameters become names of members, at every depth', () => {
  const tag = 'TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=Name'
  const read = input('CreateVpc', `Action=CreateVpc&CidrBlock=10.0.0.0/16&${tag}`)
  const TagSpecifications = [{ ResourceType: 'vpc', Tags: [{ Key: 'Name' }] }]
  assert.deepEqual(read, { CidrBlock: '10.0.0.0/16', TagSpecifications })
})

test('items of a list come in the order of their numbers, whatever order they were sent in', () => {
  const parameters = 'Filter.1.Name=cidr&Filter.1.Value.10=c&Filter.1.Value.2=b&Filter.1.Value.1=a'
  assert.deepEqual(input('DescribeVpcs', parameters), { Filters: [{ Name: 'cidr', Values: ['a', 'b', 'c'] }] })
})

test('the model says which actions write Filter and which write Filters', () => {
  assert.deepEqual(input('DescribeImportImageTasks', 'Filters.1.Name=a'), { Filters: [{ Name: 'a' }] })
  refused('DescribeVpcs', 'Filters.1.Name=a', 'UnknownParameter', 'The parameter Filters is not recognized')
})

test('scalars get their types', () => {
  const read = input('ImportKeyPair', 'KeyName=a&PublicKeyMaterial=c3No&DryRun=True') as Record<string, unknown>
  assert.deepEqual(read, { KeyName: 'a', PublicKeyMaterial: new Uint8Array(Buffer.from('ssh')), DryRun: true })
  const history = input('DescribeSpotPriceHistory', 'StartTime=2026-01-31T10:00:00Z')
  assert.deepEqual(history, { StartTime: new Date(Date.UTC(2026, 0, 31, 10)) })
  const capacity = 'TargetCapacitySpecification.TotalTargetCapacity=1'
  assert.deepEqual(input('CreateFleet', `LaunchTemplateConfigs.1.Overrides.1.Priority=1.5&${capacity}`), {
    LaunchTemplateConfigs: [{ Overrides: [{ Priority: 1.5 }] }],
    TargetCapacitySpecification: { TotalTargetCapacity: 1 },
  })
})

test('an empty list or structure is one', () => {
  assert.deepEqual(input('DescribeVpcs', 'VpcId='), { VpcIds: [] })
})

for (const [action, parameters, name] of [
  ['DeleteVpc', '', 'VpcId'],
  ['RunInstances', 'MinCount=1', 'MaxCount'],
  ['ModifyVpcEndpointConnectionNotification', '', 'ConnectionNotificationId'],
] as const) {
  test(`${action} without ${name} is a MissingParameter`, () => {
    refused(action, parameters, 'MissingParameter', `The request must contain the parameter ${name}`)
  })
}

test('a required member within a list is named with its place', () => {
  const missing = 'The request must contain the parameter ElasticInferenceAccelerator.3.Type'
  refused('RunInstances', 'MinCount=1&MaxCount=1&ElasticInferenceAccelerator.3.Count=1', 'MissingParameter', missing)
})

for (const [parameters, name] of [
  ['Foo=1', 'Foo'],
  ['CidrBlock.1=1', 'CidrBlock.1'],
  ['TagSpecification.x=1', 'TagSpecification.x'],
  ['TagSpecification.-1=1', 'TagSpecification.-1'],
  ['__proto__=1', '__proto__'],
  ['TagSpecification..Tag=1', 'TagSpecification.'],
] as const) {
  test(`CreateVpc with ${parameters} is an UnknownParameter`, () => {
    refused('CreateVpc', parameters, 'UnknownParameter', `The parameter ${name} is not recognized`)
  })
}

for (const [action, parameters, message] of [
  ['DescribeVpcs', 'MaxResults=5x', 'Value (5x) for parameter MaxResults is invalid. Must be an integer.'],
  ['DescribeVpcs', 'MaxResults=1.5', 'Value (1.5) for parameter MaxResults is invalid. Must be an integer.'],
  ['DescribeVpcs', 'MaxResults=1e3', 'Value (1e3) for parameter MaxResults is invalid. Must be an integer.'],
  ['DescribeVpcs', 'MaxResults=', 'Value () for parameter MaxResults is invalid. Must be an integer.'],
  ['DescribeVpcs', 'MaxResults=9999999999999999', /^Value \(9{16}\) for parameter MaxResults is invalid/],
  ['DescribeVpcs', 'DryRun=yes', 'Value (yes) for parameter DryRun is invalid. Must be true or false.'],
  ['DescribeVpcs', 'VpcId=vpc-1', /^Value \(vpc-1\) for parameter VpcId is invalid/],
  ['DescribeVpcs', 'Filter.1=a', /^Value \(a\) for parameter Filter.1 is invalid/],
  ['DescribeSpotPriceHistory', 'StartTime=1', /^Value \(1\) for parameter StartTime is invalid/],
  [
    'ImportKeyPair',
    'KeyName=a&PublicKeyMaterial=*',
    'Value (*) for parameter PublicKeyMaterial is invalid. Must be base64.',
  ],
  [
    'CreateVpc',
    'InstanceTenancy=shared',
    'Value (shared) for parameter InstanceTenancy is invalid. Must be one of: dedicated, default, host.',
  ],
  ['RunInstances', 'MinCount=1&MaxCount=1&InstanceType=big', "Invalid value 'big' for InstanceType."],
] as const) {
  test(`${action} with ${parameters} is an InvalidParameterValue`, () => {
    refused(action, parameters, 'InvalidParameterValue', message)
  })
}

test('a parameter given twice is refused', () => {
  refused('CreateVpc', 'CidrBlock=a&CidrBlock=b', 'InvalidQueryParameter', 'The parameter CidrBlock is given twice')
})

test('a name of half a million parts is refused without being followed', () => {
  refused('CreateVpc', `${'a.'.repeat(500_000)}=1`, 'UnknownParameter', /^The parameter a\.a\./)
})

/** Text and answers as AWS's XML. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiError } from '../../src/ec2/errors.ts'
import { encode, escapeXml } from '../../src/protocol/encode.ts'
import { ec2ErrorXml, queryErrorXml } from '../../src/protocol/error-xml.ts'
import { type Operation, operationOf } from '../../src/protocol/model.ts'

const head = '<?xml version="1.0" encoding="UTF-8"?>\n'
const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/'
const open = (action: string) => `${head}<${action}Response xmlns="${namespace}"><requestId>r</requestId>`
const xml = (action: string, output: unknown) => encode(operationOf(action) as Operation, 'r', output)

test('an answer has the names and the order of the model', () => {
  const vpc = { Tags: [{ Key: 'Name', Value: 'a & b' }], IsDefault: false, VpcId: 'vpc-1' }
  const content =
    '<vpc><isDefault>false</isDefault><tagSet><item><key>Name</key><value>a &amp; b</value></item></tagSet>' +
    '<vpcId>vpc-1</vpcId></vpc>'
  const answer = xml('CreateVpc', { Vpc: vpc })
  assert.equal(answer, `${open('CreateVpc')}${content}</CreateVpcResponse>`)
})

test('a list without items is an empty element, an absent member is none', () => {
  const answer = xml('DescribeVpcs', { Vpcs: [], NextToken: undefined })
  assert.equal(answer, `${open('DescribeVpcs')}<vpcSet></vpcSet></DescribeVpcsResponse>`)
})

test('an action without an output says that it worked', () => {
  assert.equal(xml('DeleteVpc', {}), `${open('DeleteVpc')}<return>true</return></DeleteVpcResponse>`)
})

for (const [text, written] of [
  ['a<b>&"c"\r\n', 'a&lt;b&gt;&amp;&quot;c&quot;&#xD;\n'],
  ['tab\tand é 🛰', 'tab\tand é 🛰'],
  ['\u0000\u001f', '\ufffd\ufffd'],
  ['half \ud83d pair', 'half \ufffd pair'],
  ['\uffff', '\ufffd'],
] as const) {
  test(`${JSON.stringify(text)} is written as ${JSON.stringify(written)}`, () => assert.equal(escapeXml(text), written))
}

test("an error has EC2's envelope, or that of the other Query services", () => {
  const error = new ApiError('A', '<b>')
  const said = '<Code>A</Code><Message>&lt;b&gt;</Message>'
  const ec2 = `<Response><Errors><Error>${said}</Error></Errors><RequestID>r</RequestID></Response>`
  assert.equal(ec2ErrorXml(error, 'r'), head + ec2)
  const content = `<Error><Type>Sender</Type>${said}</Error><RequestId>r</RequestId>`
  assert.equal(queryErrorXml(error, 'r', 'n'), `${head}<ErrorResponse xmlns="n">${content}</ErrorResponse>`)
})

test('what is frozen is written as what is not, each time', () => {
  const vpc = { VpcId: 'vpc-1', Tags: [{ Key: 'Name', Value: 'é <1>' }] }
  const loose = xml('DescribeVpcs', { Vpcs: [vpc, vpc] })
  Object.freeze(vpc)
  for (let i = 0; i < 2; i++) assert.equal(xml('DescribeVpcs', { Vpcs: [vpc, vpc] }), loose)
})

/** The credentials file that `--auth` names. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCredentials } from '../../src/protocol/credentials.ts'

const pair = 'aws_access_key_id=A\naws_secret_access_key=s'

test('profiles with a key are read, comments and other settings are not', () => {
  const text = `# who may call\n[default]\n  aws_access_key_id = A \r\naws_secret_access_key=s=+/ \nregion = eu-west-1\n
; two\n[profile two]\naws_access_key_id=B\naws_secret_access_key=t\naws_session_token=u\naccount_id=111122223333\n
[role]\nrole_arn = arn:aws:iam::111122223333:role/x`
  const two = { secret: 't', sessionToken: 'u', account: '111122223333' }
  assert.deepEqual(
    [...parseCredentials(text)],
    [
      ['A', { secret: 's=+/' }],
      ['B', two],
    ],
  )
})

for (const [text, message] of [
  ['', /No profile with aws_access_key_id/],
  [pair, /Line 1 is neither/],
  [`[a]\n${pair}\nnonsense`, /Line 4 is neither/],
  ['[a]\naws_access_key_id=A', /Profile a: .* go together/],
  [`[a]\n${pair}\n[b]\n${pair}`, /Profile b: access key A is already another profile's/],
  [`[a]\n${pair}\naccount_id=12`, /Profile a: account_id is not 12 digits: 12/],
] as const) {
  test(`the file ${JSON.stringify(text)} is refused`, () => assert.throws(() => parseCredentials(text), message))
}

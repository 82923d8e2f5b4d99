/** Key pairs: made, imported, found, deleted, and put into instances. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import ssh2 from 'ssh2'
import { must, place } from './place.ts'
import { refused, US, world } from './world.ts'

const has = (tool: string) =>
  spawnSync(tool, ['--help'], { stdio: 'ignore' }).error ? `${tool} is not installed` : false
const withoutSsh = has('ssh-keygen')
const withoutOpenssl = has('openssl')

/** What `command` says of a file that holds `text`; FILE stands for it. */
function said(text: string, command: string, ...args: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-key-'))
  const file = join(folder, 'key')
  try {
    writeFileSync(file, text, { mode: 0o600 })
    return execFileSync(
      command,
      args.map((a) => (a === 'FILE' ? file : a)),
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const digest = (der: string, text: string, algorithm: string) =>
  said(text, 'sh', '-c', `openssl ${der} -in "$0" -outform DER 2>/dev/null | openssl ${algorithm} -c`, 'FILE')
    .trim()
    .replace(/^.*= /, '')

function rsaPublic(bits: number) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const parsed = ssh2.utils.parseKey(privateKey.export({ type: 'pkcs1', format: 'pem' }))
  if (parsed instanceof Error) throw parsed
  return {
    openSsh: `ssh-rsa ${parsed.getPublicSSH().toString('base64')} me@here`,
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    der: publicKey.export({ type: 'spki', format: 'der' }),
  }
}
const RSA = rsaPublic(2048)
const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUdAK7ZLtrRpnxE9EEUNNnKgLGW8tDNpEmzAqL2Xx7Y'

const imported = (w: ReturnType<typeof world>, material: string | Uint8Array, KeyName = 'mine') =>
  w.call('ImportKeyPair', { KeyName, PublicKeyMaterial: Buffer.from(material) })
const publicKeyOf = (w: ReturnType<typeof world>, name: string) =>
  must(w.call('DescribeKeyPairs', { KeyNames: [name], IncludePublicKey: true }).KeyPairs?.[0]?.PublicKey)

for (const [KeyType, header] of [
  ['rsa', '-----BEGIN RSA PRIVATE KEY-----\n'],
  ['ed25519', '-----BEGIN OPENSSH PRIVATE KEY-----\n'],
] as const) {
  test(`a new ${KeyType} key is given once, and ssh reads the same public half in it`, { skip: withoutSsh }, () => {
    const w = world()
    const made = w.call('CreateKeyPair', { KeyName: 'my key', KeyType })
    assert.match(must(made.KeyPairId), /^key-[0-9a-f]{17}$/)
    const material = must(made.KeyMaterial)
    assert.ok(material.startsWith(header))
    const [type, blob] = said(material, 'ssh-keygen', '-y', '-f', 'FILE').split(/\s/)
    assert.equal(publicKeyOf(w, 'my key'), `${type} ${blob} my key`)
    const secret = material.split('\n').slice(1, -2).join('').slice(-40)
    assert.ok(!JSON.stringify([...w.records.all('key-pair')]).includes(secret))
  })
}

test("a new RSA key in PuTTY's format is read by others, and its check holds", () => {
  const w = world()
  const text = must(w.call('CreateKeyPair', { KeyName: 'putty', KeyFormat: 'ppk' }).KeyMaterial)
  const key = ssh2.utils.parseKey(text)
  if (key instanceof Error) throw key
  assert.equal(`ssh-rsa ${key.getPublicSSH().toString('base64')} putty`, publicKeyOf(w, 'putty'))
  const signed = key.sign('words')
  assert.ok(!(signed instanceof Error) && key.verify('words', signed) === true)
  const broken = ssh2.utils.parseKey(text.replace(/Private-MAC: ../, 'Private-MAC: zz'))
  assert.ok(broken instanceof Error)
})

test("a new ed25519 key in PuTTY's format has its two halves", () => {
  const w = world()
  const text = must(w.call('CreateKeyPair', { KeyName: 'putty', KeyType: 'ed25519', KeyFormat: 'ppk' }).KeyMaterial)
  const lines = text.split('\r\n')
  assert.deepEqual(lines.slice(0, 4), [
    'PuTTY-User-Key-File-2: ssh-ed25519',
    'Encryption: none',
    'Comment: putty',
    'Public-Lines: 2',
  ])
  assert.equal(`ssh-ed25519 ${lines[4]}${lines[5]} putty`, publicKeyOf(w, 'putty'))
  const secret = Buffer.from(must(lines[7]), 'base64').subarray(4)
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret])
  const { x } = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  })
  const blob = Buffer.from(`${lines[4]}${lines[5]}`, 'base64')
  assert.equal(blob.subarray(-32).toString('base64url'), x)
})

test('5,000 key pairs are the most that an account has in a Region', () => {
  const w = world()
  imported(w, ED25519)
  w.transaction(US, ({ state }) => {
    const [first] = [...state.all('key-pair')]
    for (let i = 1; i < 5000; i++) state.put('key-pair', { ...must(first), id: `key-${i}`, keyName: `k${i}` })
  })
  refused('ResourceLimitExceeded', () => imported(w, ED25519, 'more'))
  w.call('DeleteKeyPair', { KeyName: 'k1' })
  imported(w, ED25519, 'more')
})

test('the fingerprint of a new RSA key is SHA-1 of its PKCS#8 form', { skip: withoutOpenssl }, () => {
  const made = world().call('CreateKeyPair', { KeyName: 'k' })
  assert.equal(made.KeyFingerprint, digest('pkcs8 -topk8 -nocrypt', must(made.KeyMaterial), 'sha1'))
})

test('the fingerprint of an imported RSA key is MD5 of its DER form', { skip: withoutOpenssl }, () => {
  assert.equal(imported(world(), RSA.openSsh).KeyFingerprint, digest('rsa -pubin', RSA.pem, 'md5'))
})

test('the fingerprint of an ed25519 key is SHA-256, new or imported', { skip: withoutSsh }, () => {
  const w = world()
  const made = w.call('CreateKeyPair', { KeyName: 'new', KeyType: 'ed25519' })
  const found = [
    [must(made.KeyFingerprint), publicKeyOf(w, 'new')],
    [must(imported(w, ED25519).KeyFingerprint), ED25519],
  ]
  for (const [fingerprint, text] of found) {
    const shown = said(must(text), 'ssh-keygen', '-l', '-f', 'FILE').split(' ')[1]
    assert.equal(`SHA256:${must(fingerprint).replace(/=+$/, '')}`, shown)
  }
})

for (const [form, material] of [
  ['one line of OpenSSH', `${RSA.openSsh}\n`],
  ['the same in base64 once more', Buffer.from(RSA.openSsh).toString('base64')],
  ['PEM', RSA.pem],
  ['DER', RSA.der],
  ['DER in base64', RSA.der.toString('base64')],
  [
    'RFC 4716',
    `---- BEGIN SSH2 PUBLIC KEY ----\nComment: "a: b"\n${must(RSA.openSsh.split(' ')[1]).replace(/.{70}/g, '$&\n')}\n---- END SSH2 PUBLIC KEY ----\n`,
  ],
] as const) {
  test(`a key is imported from ${form}`, () => {
    const w = world()
    imported(w, material)
    assert.equal(publicKeyOf(w, 'mine'), `${RSA.openSsh.split(' ').slice(0, 2).join(' ')} mine`)
  })
}

/** A line of OpenSSH with these bytes as exponent and modulus. */
function rsaOf(e: readonly number[], n: readonly number[]): string {
  const field = (data: Buffer) => Buffer.concat([Buffer.from([0, 0, data.length >> 8, data.length & 255]), data])
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), field(Buffer.from(e)), field(Buffer.from(n))])
  return `ssh-rsa ${blob.toString('base64')}`
}

const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' })
for (const [what, material, code] of [
  ['no key', 'hello', 'InvalidKey.Format'],
  ['a key cut short', RSA.openSsh.slice(0, 100), 'InvalidKey.Format'],
  ['a key of another type than it says', ED25519.replace('ssh-ed25519', 'ssh-rsa'), 'InvalidKey.Format'],
  ['an ECDSA key', ecdsa, 'InvalidKey.Format'],
  ['two keys', `${RSA.openSsh}\n${ED25519}`, 'InvalidKey.Format'],
  ['a key with options', `command="id" ${RSA.openSsh}`, 'InvalidKey.Format'],
  [
    'a private key',
    generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs1', format: 'pem' }),
    'InvalidKey.Format',
  ],
  ['a key without an exponent', rsaOf([], [0, ...Array(256).fill(0xab)]), 'InvalidKey.Format'],
  ['a key with a negative modulus', rsaOf([1, 0, 1], Array(256).fill(0xab)), 'InvalidKey.Format'],
  ['a key of 512 bits', rsaPublic(512).openSsh, 'InvalidKeyPair.Format'],
] as const) {
  test(`${what} is not imported`, () => refused(code, () => imported(world(), material)))
}

test('a name is given once in an account and Region', () => {
  const { call } = world()
  const ed25519 = { KeyName: 'k', KeyType: 'ed25519' } as const
  call('CreateKeyPair', ed25519)
  refused('InvalidKeyPair.Duplicate', () => call('CreateKeyPair', ed25519))
  call('CreateKeyPair', ed25519, { account: '123456789012', region: 'eu-west-1', requestId: 'r' })
  refused('InvalidParameterValue', () => call('CreateKeyPair', { ...ed25519, KeyName: ' k' }))
})

test('key pairs are found by name, id, fingerprint and tag; their public keys only where asked for', () => {
  const w = world()
  const tags = [{ ResourceType: 'key-pair' as const, Tags: [{ Key: 'team', Value: 'a' }] }]
  const first = w.call('CreateKeyPair', { KeyName: 'one', KeyType: 'ed25519', TagSpecifications: tags })
  imported(w, ED25519, 'two')
  const names = (input: Parameters<typeof w.call<'DescribeKeyPairs'>>[1]) =>
    w.call('DescribeKeyPairs', input).KeyPairs?.map((k) => k.KeyName)
  assert.deepEqual(names({}), ['one', 'two'])
  assert.deepEqual(names({ KeyNames: ['two'] }), ['two'])
  assert.deepEqual(names({ KeyPairIds: [must(first.KeyPairId)] }), ['one'])
  assert.deepEqual(names({ Filters: [{ Name: 'key-name', Values: ['t*'] }] }), ['two'])
  assert.deepEqual(names({ Filters: [{ Name: 'fingerprint', Values: [must(first.KeyFingerprint)] }] }), ['one'])
  assert.deepEqual(names({ Filters: [{ Name: 'tag:team', Values: ['a'] }] }), ['one'])
  assert.deepEqual(names({ Filters: [{ Name: 'tag-key', Values: ['team'] }] }), ['one'])
  assert.deepEqual(names({ Filters: [{ Name: 'key-pair-id', Values: [must(first.KeyPairId)] }] }), ['one'])
  assert.deepEqual(names({ Filters: [{ Name: 'key-name', Values: ['none'] }] }), [])
  refused('InvalidKeyPair.NotFound', () => names({ KeyNames: ['three'] }), `The key pair 'three' does not exist`)
  const [shown] = must(w.call('DescribeKeyPairs', { KeyNames: ['one'] }).KeyPairs)
  assert.equal(shown?.PublicKey, undefined)
  assert.deepEqual([shown?.KeyType, shown?.CreateTime, shown?.Tags], ['ed25519', new Date(w.clock.now), tags[0]?.Tags])
})

test('a key pair is deleted by name or id, and one that is not there as well', () => {
  const { call } = world()
  const id = must(call('CreateKeyPair', { KeyName: 'k', KeyType: 'ed25519' }).KeyPairId)
  assert.deepEqual(call('DeleteKeyPair', { KeyName: 'k' }), { Return: true, KeyPairId: id })
  assert.deepEqual(call('DeleteKeyPair', { KeyName: 'k' }), { Return: true })
  assert.deepEqual(call('DeleteKeyPair', { KeyPairId: id }), { Return: true })
  refused('MissingParameter', () => call('DeleteKeyPair', {}))
  assert.deepEqual(call('DescribeKeyPairs', {}).KeyPairs, [])
})

test('a launch takes the key of that name, which stays with the instance when the key pair goes', () => {
  const p = place()
  const { openSsh } = RSA
  imported(p, openSsh, 'login')
  const id = p.running({ KeyName: 'login' })
  p.call('DeleteKeyPair', { KeyName: 'login' })
  assert.equal(p.see(id).KeyName, 'login')
  const record = p.records.get('instance', id)
  assert.equal(record?.publicKey, `${openSsh.split(' ').slice(0, 2).join(' ')} login`)
  refused('InvalidKeyPair.NotFound', () => p.run({ KeyName: 'login' }), `The key pair 'login' does not exist`)
})

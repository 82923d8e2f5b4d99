import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { callsOf, notesOf, stageText } from './user-data-stages.ts'

const config = (value: unknown) => `#cloud-config\n${stringify(value, { version: '1.1' })}`
/** What has no place in YAML or in a shell: lone surrogates, NUL. */
const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((s) => s.isWellFormed() && !/[\0\r]/.test(s))

describe('cloud-config', () => {
  test('write_files: no content, path or owner breaks out of the shell', () => {
    const file = fc.record({ path: text, content: text, owner: text })
    fc.assert(
      fc.property(file, ({ path, content, owner }) => {
        const [call, ...more] = callsOf(config({ write_files: [{ path: `/x${path}`, content, owner }] }), 'first')
        assert.deepEqual(more, [])
        assert.deepEqual(call, { words: ['put', `/x${path}`.trimEnd(), owner, '0644', 'new', 'plain'], input: content })
      }),
      { numRuns: 60 },
    )
  })

  test('runcmd: a list is a command whose arguments arrive as they are', () => {
    const script = callsOf(config({ runcmd: [['printf', '%s', "it's $HOME; `id`"], 'echo $((1+1))', null] }), 'last')
    assert.deepEqual(script, [
      {
        words: ['part', 'runcmd'],
        input: "#!/bin/sh\n'printf' '%s' 'it'\\''s $HOME; `id`'\necho $((1+1))\n\n",
      },
    ])
  })

  test('write_files: permissions are octal, as text and as YAML reads a number', () => {
    const mode = (permissions: string) =>
      callsOf(`#cloud-config\nwrite_files: [{path: /a, permissions: ${permissions}}]`, 'first')[0]?.words[3]
    assert.equal(mode("'0640'"), '0640')
    assert.equal(mode('0640'), '0640')
    assert.equal(mode("'0o755'"), '755')
    assert.deepEqual(notesOf('#cloud-config\nwrite_files: [{path: /a, permissions: rwx}, {path: /b}]'), [
      'write_files: the permissions "rwx" are not octal',
    ])
  })

  test('write_files: encodings, append and defer', () => {
    const zipped = gzipSync('deep\n').toString('base64')
    const files = [
      { path: 'etc/a', encoding: 'b64', content: Buffer.from('é').toString('base64'), append: true },
      { path: '/b', encoding: 'gz+b64', content: zipped, defer: true },
      { path: '/c', encoding: 'rot13', content: 'x' },
    ]
    assert.deepEqual(callsOf(config({ write_files: files }), 'first')[0], {
      words: ['put', '/etc/a', 'root:root', '0644', 'append', 'plain'],
      input: 'é',
    })
    assert.deepEqual(callsOf(config({ write_files: files }), 'last')[0]?.words.slice(-1), ['gzip'])
    assert.deepEqual(notesOf(config({ write_files: files })), ['write_files: /c: the encoding "rot13" is not known'])
  })

  test('users: an account with groups, rights and keys; a name that is none is refused', () => {
    const bob = {
      name: 'bob',
      groups: 'adm, dev',
      sudo: ['ALL=(ALL) NOPASSWD:ALL'],
      ssh_authorized_keys: ['ssh-rsa A b'],
    }
    const first = stageText(config({ users: ['default', bob] }), 'first')
    assert.match(first, /useradd --shell '\/bin\/bash' --create-home --user-group --password '\*' bob/m)
    assert.match(first, /usermod --append --groups dev bob/)
    assert.match(first, /printf '%s\\n' 'bob ALL=\(ALL\) NOPASSWD:ALL' >> \/etc\/sudoers\.d\//)
    assert.deepEqual(
      callsOf(config({ users: [bob] }), 'first').find(({ words }) => words[0] === 'authorize'),
      { words: ['authorize', 'bob'], input: 'ssh-rsa A b\n' },
    )
    assert.match(notesOf(config({ users: [{ name: 'a; reboot' }] }))[0] ?? '', /is no name/)
  })

  test('ssh_authorized_keys: open the login account, and tell root’s to use it', () => {
    const calls = callsOf(config({ ssh_authorized_keys: ['ssh-rsa A b', 'ssh-rsa C d'] }), 'first')
    assert.deepEqual(calls[0], { words: ['authorize', 'ec2-user'], input: 'ssh-rsa A b\nssh-rsa C d\n' })
    assert.deepEqual(calls[1]?.words, ['authorize', 'root'])
    assert.match(calls[1]?.input ?? '', /^no-port-forwarding.*ssh-rsa A b\nno-port-forwarding.*ssh-rsa C d\n$/)
  })

  test('a key of a later part takes the place of an earlier one’s', () => {
    const part = (value: unknown) => `--=\nContent-Type: text/cloud-config\n\n${config(value)}`
    const parts = [part({ runcmd: ['a'], bootcmd: ['b'] }), part({ runcmd: ['c'] }), '--=--', '']
    const whole = `Content-Type: multipart/mixed; boundary="="\n\n${parts.join('\n')}`
    assert.deepEqual(callsOf(whole, 'last')[0]?.input, '#!/bin/sh\nc\n')
    assert.deepEqual(callsOf(whole, 'boot')[0]?.input, '#!/bin/sh\nb\n')
  })

  test('a power state is asked for once, at the end of the first boot', () => {
    const whole = config({ power_state: { mode: 'reboot', delay: 5 } })
    assert.match(stageText(whole, 'power'), /^shutdown -r '\+5'$/m)
    assert.doesNotMatch(stageText(whole, 'message'), /shutdown/)
  })

  test('the last message fills in what it names', () => {
    assert.match(stageText(config({ final_message: "it's $VERSION" }), 'message'), /'it'\\''s ''Isthmus'''$/m)
  })

  test('what is not supported is named, key by key, and the rest is done', () => {
    const whole = config({ packages: ['httpd'], chpasswd: {}, ssh_pwauth: true, swap: {}, ntp: {}, runcmd: ['a'] })
    assert.deepEqual(
      notesOf(whole).map((line) => line.split(':', 1)[0]?.split(' ', 1)[0]),
      ['swap', 'ssh_pwauth', 'chpasswd', 'ntp', 'packages'],
    )
    assert.equal(callsOf(whole, 'last').length, 1)
    assert.match(notesOf('#cloud-config\na: [')[0] ?? '', /can not be read/)
    assert.match(notesOf('#cloud-config\n- a')[0] ?? '', /can not be read: it is not a set of keys/)
    assert.deepEqual(notesOf('#cloud-config\n'), [])
  })

  test('an alias that would grow without bounds is refused', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((k, i) => {
        const above = 'abcdefgh'[i]
        return `${k}: &${k} [${Array(9).fill(`*${above}`).join(',')}]`
      }),
    ]
    assert.match(notesOf(`#cloud-config\n${bomb.join('\n')}`)[0] ?? '', /can not be read/)
  })
})

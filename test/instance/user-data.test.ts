import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { userDataFiles } from '../../src/instance/user-data/user-data.ts'
import { machine } from './system-machine.ts'
import { callsOf, notesOf } from './user-data-stages.ts'

const mime = (...parts: string[]) =>
  ['MIME-Version: 1.0', 'Content-Type: multipart/mixed;', '\tboundary="=="', '', 'preamble']
    .concat(
      parts.flatMap((part) => ['--==', part]),
      ['--==--', 'epilogue'],
    )
    .join('\n')

const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('user data', () => {
  test('that begins with #! runs at the end of the first boot, with the kernel’s line ends', () => {
    const script = '#!/bin/bash\r\necho "it\'s $HOME"\r\n'
    assert.deepEqual(callsOf(script, 'last'), [
      { words: ['part', 'part-001'], input: '#!/bin/bash\necho "it\'s $HOME"\n' },
    ])
    assert.deepEqual(callsOf(script, 'boot'), [])
    assert.deepEqual(callsOf(gzipSync(script), 'last'), callsOf(script, 'last'))
  })

  test('in MIME parts is what each part says, or begins like', () => {
    const whole = mime(
      'Content-Type: text/x-shellscript; charset="us-ascii"\nContent-Transfer-Encoding: base64\n' +
        `Content-Disposition: attachment; filename="../a b.sh"\n\n${base64('#!/bin/sh\necho 1\n')}`,
      'Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n#!/bin/sh\necho =C3=A9 =\nx\n',
      'Content-Type: text/cloud-config\n\n#cloud-config\nruncmd: [echo 2]\n',
      'Content-Type: text/cloud-boothook\n\n#cloud-boothook\necho hook\n',
      'Content-Type: text/x-include-url\n\nhttp://198.51.100.1/\n',
    )
    assert.deepEqual(callsOf(whole, 'last'), [
      { words: ['part', 'part-001-.._a_b.sh'], input: '#!/bin/sh\necho 1\n' },
      { words: ['part', 'part-002'], input: '#!/bin/sh\necho é x\n' },
      { words: ['part', 'runcmd'], input: '#!/bin/sh\necho 2\n' },
    ])
    assert.deepEqual(callsOf(whole, 'boot'), [{ words: ['part', 'part-004'], input: '#!/bin/sh\necho hook\n' }])
    assert.deepEqual(notesOf(whole), ['part-005: text/x-include-url is not supported here'])
  })

  test('that can not be carried out is named in the log', () => {
    assert.deepEqual(notesOf('hello'), ['part-001: text/x-not-multipart is not supported here'])
    assert.deepEqual(notesOf(''), [])
    assert.match(notesOf(Buffer.from([0x1f, 0x8b, 1, 2]))[0] ?? '', /can not be unpacked/)
    assert.match(notesOf(gzipSync(Buffer.alloc(8 * 1024 * 1024)))[0] ?? '', /can not be unpacked/)
    assert.match(notesOf('Content-Type: multipart/mixed\n\nx')[0] ?? '', /no boundary/)
  })

  test('of any bytes becomes stages that a shell can read', () => {
    const beginnings = [
      '',
      '#!',
      '#cloud-config\n',
      '#cloud-config\nwrite_files:\n- ',
      '#cloud-boothook\n',
      'Content-Type: ',
    ]
    const data = fc.tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 300 }))
    fc.assert(
      fc.property(data, ([beginning, bytes]) => {
        const base64 = Buffer.concat([Buffer.from(beginning), bytes]).toString('base64')
        for (const { text } of userDataFiles(base64, machine)) assert.ok(!text.includes('\0'))
      }),
      { numRuns: 500 },
    )
    const texts = fc.sample(data, 50).flatMap(([beginning, bytes]) => {
      const base64 = Buffer.concat([Buffer.from(beginning), bytes]).toString('base64')
      return userDataFiles(base64, machine).map(({ text }) => text)
    })
    const { stderr, status } = spawnSync('sh', ['-n'], { input: texts.join('\n'), encoding: 'utf8' })
    assert.equal(`${status}${stderr}`, '0')
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import ssh2 from 'ssh2'
import { readOpenSsh } from '../../src/ec2/key-material.ts'
import { freshKeys } from '../../src/server/ssh-session.ts'

test('I1: every fresh key is one that Instance Connect takes, and the halves belong together', () => {
  // One key in 256 begins with a zero, which has to stay.
  for (let count = 0; count < 1000; count++) {
    const keys = freshKeys()
    assert.ok(readOpenSsh(keys.public), keys.public)
    const parsed = ssh2.utils.parseKey(keys.private)
    assert.ok(
      !(parsed instanceof Error) &&
        parsed.getPublicSSH().equals(Buffer.from(keys.public.split(' ')[1] ?? '', 'base64')),
    )
  }
})

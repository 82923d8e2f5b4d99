import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Machine, missingForRootless, whyRefused } from '../../src/engines/linux/rootless/missing.ts'
import { mapWords, rangesOf } from '../../src/engines/linux/rootless/subordinate-ids.ts'

const IDS = 'root:10:5\nana:100000:65536\n'
const ready: Readonly<Record<string, string>> = {
  '/etc/subuid': IDS,
  '/etc/subgid': IDS,
  '/proc/sys/user/max_user_namespaces': '96365\n',
}

/** A machine of ana's where everything is ready, but for what is said. */
const machine = (
  files: Readonly<Record<string, string | undefined>> = {},
  missingTools: readonly string[] = [],
): Machine => ({
  user: { name: 'ana', uid: 1000, gid: 1001 },
  read: (path) => (path in files ? files[path] : ready[path]),
  isInstalled: (tool) => !missingTools.includes(tool),
})

describe('what a user without privilege lacks is said with what gives it', () => {
  test('nothing, where the helpers are installed and the user has subordinate ids', () => {
    assert.deepEqual(missingForRootless(machine()), [])
  })

  test('the helpers that map ids', () => {
    const [sentence, ...others] = missingForRootless(machine({}, ['newuidmap', 'newgidmap']))
    assert.match(sentence ?? '', /newuidmap and newgidmap: install the package uidmap/)
    assert.deepEqual(others, [])
  })

  test('subordinate ids: a range is proposed that nobody has', () => {
    const others = 'bob:100000:65536\neve:165536:65536\n'
    const [sentence] = missingForRootless(machine({ '/etc/subuid': others, '/etc/subgid': others }))
    assert.match(sentence ?? '', /\/etc\/subuid and \/etc\/subgid have fewer/)
    assert.match(sentence ?? '', /`sudo usermod --add-subuids 231072-296607 --add-subgids 231072-296607 ana`/)
  })

  test('subordinate ids: of one kind only, too few, or no file at all', () => {
    const oneKind = missingForRootless(machine({ '/etc/subgid': '' }))
    assert.match(oneKind.join(), /\/etc\/subgid has fewer/)
    assert.match(missingForRootless(machine({ '/etc/subuid': 'ana:100000:1000\n' })).join(), /\/etc\/subuid has fewer/)
    const none = missingForRootless(machine({ '/etc/subuid': undefined, '/etc/subgid': undefined }))
    assert.match(none.join(), /--add-subuids 100000-165535/)
  })

  test('user namespaces, where a setting of the machine switches them off', () => {
    for (const name of ['kernel.unprivileged_userns_clone', 'user.max_user_namespaces']) {
      const [sentence, ...others] = missingForRootless(machine({ [`/proc/sys/${name.replace('.', '/')}`]: '0\n' }))
      assert.match(sentence ?? '', new RegExp(`${name} is 0.*sudo sysctl -w ${name}=[1-9]`))
      assert.deepEqual(others, [])
    }
  })

  test("AppArmor's restriction, once a try has failed: it does not bind where a profile lifts it", () => {
    const restricted = machine({ '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' })
    assert.deepEqual(missingForRootless(restricted), [])
    const said = whyRefused(restricted, 'unshare: Permission denied').join(' ')
    assert.match(said, /unshare: Permission denied/)
    assert.match(said, /sudo sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0.*AppArmor profile/)
    assert.deepEqual(whyRefused(machine(), 'no'), ['Namespaces without root were refused: no.'])
  })
})

describe('subordinate ids', () => {
  test('are those of the user, by name or by number, and no others', () => {
    const text = 'ana:1:2\nanabel:3:4\n1000:5:6\n10000:7:8\n# ana\nana:x:1\n\n'
    assert.deepEqual(rangesOf(text, { name: 'ana', uid: 1000 }), [
      { first: 1, count: 2 },
      { first: 5, count: 6 },
    ])
  })

  test('appear from 1 on, the user himself as root; several ranges follow each other up to what is usual', () => {
    assert.deepEqual(mapWords(1000, [{ first: 100_000, count: 65_536 }]).join(' '), '0 1000 1 1 100000 65536')
    assert.deepEqual(
      mapWords(1000, [
        { first: 100_000, count: 1000 },
        { first: 300_000, count: 1_000_000 },
        { first: 9_000_000, count: 5 },
      ]).join(' '),
      '0 1000 1 1 100000 1000 1001 300000 64536',
    )
  })
})

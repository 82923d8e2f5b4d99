/** Ansible's modules from the distribution's package: present changes, again does not, absent changes, again does not. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { folder, served } from '../server/bench.ts'
import { inventory } from './inventory.ts'

const works = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore' }).status === 0
/** The modules run with the first Python that has boto3. */
const python = ['python3', '/usr/bin/python3'].find((command) => works(command, '-c', 'import boto3'))
const interpreter = spawnSync(python ?? 'python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' })

const skip = !works('ansible-doc', 'community.aws.ec2_vpc_peer')
  ? 'Ansible with its collection community.aws is not installed'
  : python === undefined && 'boto3 is not installed'

/** The tasks that failed, in Ansible's words; empty where all went well. */
function failures(endpoint: string, home: string): Promise<string> {
  const playbook = fileURLToPath(new URL('ansible/lab.yml', import.meta.url))
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    AWS_URL: endpoint,
    AWS_ACCESS_KEY_ID: '111122223333',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    ISTHMUS_PYTHON: interpreter.stdout.trim(),
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_PIPELINING: 'true',
    ANSIBLE_DEPRECATION_WARNINGS: 'false',
    ANSIBLE_LOCALHOST_WARNING: 'false',
    ANSIBLE_INVENTORY_UNPARSED_WARNING: 'false',
    ANSIBLE_DUPLICATE_YAML_DICT_KEY: 'ignore',
    LC_ALL: 'C.UTF-8',
  }
  return new Promise((resolve) =>
    execFile('ansible-playbook', [playbook], { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const lines = stdout.split('\n')
      const at = lines.findIndex((line) => line.startsWith('fatal:'))
      const said = at < 0 ? stdout + stderr : lines.slice(Math.max(0, at - 8), at + 1).join('\n')
      resolve(error ? said : '')
    }),
  )
}

test('Ansible makes the lab, finds it as it is, and takes it away', { skip }, async (t) => {
  const { endpoint } = await served(t, folder(t))
  const before = await inventory(endpoint, '111122223333', 'eu-west-1')
  assert.equal(await failures(endpoint, folder(t)), '')
  assert.deepEqual(await inventory(endpoint, '111122223333', 'eu-west-1'), before)
})

/** Clients of the metadata service that nobody here wrote: botocore's, which the AWS CLI and boto3 use. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { metadataPlace } from './service.ts'

const works = spawnSync('python3', ['-c', 'import botocore'], { stdio: 'ignore' }).status === 0
const skip = works ? false : 'botocore is not installed'

const SCRIPT = `
import json
from botocore.utils import IMDSFetcher, InstanceMetadataFetcher, InstanceMetadataRegionFetcher
class Fetcher(IMDSFetcher):
    def get(self, path, token):
        return self._get_request(path, self._default_retry, token=token).text
fetcher = Fetcher(base_url=URL)
token = fetcher._fetch_metadata_token()
print(json.dumps({
    'region': InstanceMetadataRegionFetcher(base_url=URL).retrieve_region(),
    'role': InstanceMetadataFetcher(base_url=URL).retrieve_iam_role_credentials(),
    'id': fetcher.get('latest/meta-data/instance-id', token),
}))
`

test('botocore finds token, Region and id, and that there is no role', { skip }, async () => {
  const p = metadataPlace()
  const id = p.running({ MetadataOptions: { HttpTokens: 'required' } })
  const server = createServer(({ method = '', url: path = '', headers }, response) => {
    const answer = p.request(p.addressOfInstance(id), method, path, headers as Record<string, string>)
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const env = { PATH: process.env.PATH, HOME: '/nonexistent' }
    const { stdout } = await promisify(execFile)('python3', ['-c', `URL = '${url}'\n${SCRIPT}`], { env })
    assert.deepEqual(JSON.parse(stdout), { region: 'us-east-1', role: {}, id })
  } finally {
    server.close()
  }
})

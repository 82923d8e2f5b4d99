/** Key pair: a name for the public half of an SSH key, which a launch puts into its instances. */
import type { Input, Output } from '../protocol/types.ts'
import { ApiError, invalidParameter, missingParameter } from './errors.ts'
import { generateKey, importedFingerprint, type KeyType, openSshText, readPublicKey } from './key-material.ts'
import { find, notFound, remove } from './lookup.ts'
import { quota } from './quotas.ts'
import { type Context, defineKind, type Handlers, isOwn, newResource, type Resource, type Tags } from './resource.ts'
import { select } from './select.ts'
import { showTags, tagsFor } from './tags.ts'

export interface KeyPair extends Resource {
  readonly state: 'available'
  readonly keyName: string
  readonly keyType: KeyType
  /** In OpenSSH's form, with the name as its comment. The private half is never recorded. */
  readonly publicKey: string
  readonly fingerprint: string
  readonly createTime: number
}

declare module './resource.ts' {
  interface ResourceTypes {
    'key-pair': KeyPair
  }
}

export const keyPair = defineKind({
  type: 'key-pair',
  idPrefix: 'key',
  noun: 'key pair',
  codes: { notFound: 'InvalidKeyPair.NotFound', malformed: 'InvalidParameterValue' },
  references: {},
  lifecycle: {},
  filters: {
    fingerprint: (k) => k.fingerprint,
    'key-name': (k) => k.keyName,
    'key-pair-id': (k) => k.id,
  },
})

export const keyPairActions: Handlers = {
  CreateKeyPair(input, context) {
    const keyName = freeName(context, input.KeyName)
    const tags = tagsFor('key-pair', input.TagSpecifications)
    // A key is random as an id is: made again for a call that is run again, and nothing but the answer holds it.
    const made = generateKey(input.KeyType ?? 'rsa', keyName)
    const created = createKeyPair(context, tags, {
      keyName,
      keyType: made.publicKey.type,
      publicKey: openSshText(made.publicKey, keyName),
      fingerprint: made.fingerprint,
    })
    return { ...showKey(created), KeyMaterial: input.KeyFormat === 'ppk' ? made.privatePpk : made.privatePem }
  },
  ImportKeyPair(input, context) {
    const keyName = freeName(context, input.KeyName)
    const tags = tagsFor('key-pair', input.TagSpecifications)
    const key = importedKey(input.PublicKeyMaterial)
    return showKey(
      createKeyPair(context, tags, {
        keyName,
        keyType: key.type,
        publicKey: openSshText(key, keyName),
        fingerprint: importedFingerprint(key),
      }),
    )
  },
  DeleteKeyPair(input, context) {
    const found = namedForDelete(context, input)
    if (!found) return { Return: true }
    remove(context, 'key-pair', found.id)
    return { Return: true, KeyPairId: found.id }
  },
  DescribeKeyPairs(input, context) {
    const named = (input.KeyNames ?? []).map((name) => keyPairNamed(context, name).id)
    const ids = [...(input.KeyPairIds ?? []), ...named]
    const { items } = select(context, 'key-pair', { Filters: input.Filters }, ids)
    return { KeyPairs: items.map((k) => describeKey(k, input.IncludePublicKey === true)) }
  },
}

/** The caller's key pair of that name. Throws InvalidKeyPair.NotFound. */
export function keyPairNamed(context: Context, name: string): KeyPair {
  const found = withName(context, name)
  if (!found) throw notFound('key-pair', name)
  return found
}

const withName = ({ state, caller }: Context, name: string): KeyPair | undefined =>
  state.where('key-pair', 'keyName', name).find((k) => isOwn(k, caller))

const createKeyPair = (
  context: Context,
  tags: Tags,
  key: Pick<KeyPair, 'keyName' | 'keyType' | 'publicKey' | 'fingerprint'>,
): KeyPair =>
  context.state.put('key-pair', {
    ...newResource(context, keyPair, 'available', tags),
    state: 'available',
    ...key,
    createTime: context.now,
  })

/** Up to 255 ASCII characters, no space at either end; each name once in an account's Region. */
function freeName(context: Context, name: string): string {
  if (!name) throw missingParameter('KeyName')
  if (!/^[\x20-\x7e]{1,255}$/.test(name) || name !== name.trim())
    throw invalidParameter(name, 'keyName', 'Up to 255 ASCII characters, without spaces at either end, are allowed.')
  if (withName(context, name)) throw new ApiError('InvalidKeyPair.Duplicate', 'The keypair already exists')
  const { state, caller } = context
  // unverified: AWS's code and words.
  if (state.where('key-pair', 'account', caller.account).filter((k) => isOwn(k, caller)).length >= quota('keyPairs'))
    throw new ApiError('ResourceLimitExceeded', 'The maximum number of key pairs has been reached.')
  return name
}

/** EC2 takes RSA keys of 1024 to 4096 bits, and ed25519 keys. */
function importedKey(material: Uint8Array) {
  if (material.length === 0) throw missingParameter('PublicKeyMaterial')
  const key = readPublicKey(Buffer.from(material))
  if (!key) throw new ApiError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format')
  if (key.type === 'rsa' && (key.bits < 1024 || key.bits > 4096))
    throw new ApiError('InvalidKeyPair.Format', `The length of the RSA key (${key.bits}) is not supported`)
  return key
}

/** What is not there any more can be deleted again. Throws where neither name nor id is given, or both disagree. */
function namedForDelete(context: Context, { KeyName, KeyPairId }: Input<'DeleteKeyPair'>): KeyPair | undefined {
  if (!KeyName && !KeyPairId)
    throw new ApiError('MissingParameter', 'The request must contain the parameter KeyName or KeyPairId')
  const byId = KeyPairId ? foundOrNot(context, KeyPairId) : undefined
  if (!KeyName) return byId
  const byName = withName(context, KeyName)
  if (KeyPairId && byName?.id !== byId?.id)
    throw invalidParameter(KeyPairId, 'keyPairId', `It is not the id of the key pair '${KeyName}'.`)
  return byName
}

function foundOrNot(context: Context, id: string): KeyPair | undefined {
  try {
    return find(context, 'key-pair', id)
  } catch (error) {
    if (error instanceof ApiError && error.code === keyPair.codes.notFound) return undefined
    throw error
  }
}

const showKey = (k: KeyPair) => ({
  KeyPairId: k.id,
  KeyName: k.keyName,
  KeyFingerprint: k.fingerprint,
  Tags: showTags(k.tags),
})

const describeKey = (
  k: KeyPair,
  withPublicKey: boolean,
): NonNullable<Output<'DescribeKeyPairs'>['KeyPairs']>[number] => ({
  ...showKey(k),
  KeyType: k.keyType,
  CreateTime: new Date(k.createTime),
  ...(withPublicKey && { PublicKey: k.publicKey }),
})

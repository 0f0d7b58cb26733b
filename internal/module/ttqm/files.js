'use strict'

// FileUtil, EncryptUtil and CertUtil.

const { Buffer, error, check } = tools
const path = native.require('path')
const fs = () => native.require('fs')
const crypto = () => native.require('crypto')
const { script } = native.require('mqscript')

class FileUtil {
  static getScriptDataPath(relative = '') { return path.join(script.dataDir, relative) }
  static getScriptTmpDataPath(relative = '') { return path.join(script.tmpDir, relative) }
  static createDirSync(dir) { fs().mkdirSync(dir, { recursive: true }) }
  static async getFileHash(file, name = 'sha1') { return crypto().createHash(name).update(await fs().promises.readFile(file)).digest('hex') }
  static existSync(file) { return fs().existsSync(file) }
  static isDirSync(file) { return fs().existsSync(file) && fs().statSync(file).isDirectory() }
  static createStringFileSync(file, text) { writable(file, (to) => fs().writeFileSync(to, String(text))) }
  static appendStringFileSync(file, text) { writable(file, (to) => fs().appendFileSync(to, String(text))) }
  static readStringFileSync(file) { return fs().readFileSync(file, 'utf8') }
  static removeSync(file) { fs().rmSync(file, { recursive: true, force: true }) }
}

// The folders on the way to a file are made.
function writable(file, write) {
  check.string(file, 'path')
  fs().mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
  write(file)
}

const FileHashType = Object.freeze({ MD5: 'md5', SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' })

class EncryptUtil {
  static getHash(text, name = 'sha1') { return crypto().createHash(name).update(String(text)).digest('hex') }
}

// RSA in pieces. A public key encrypts with the padding OAEP, a private one with
// that of signatures, as Node's functions do.
const overhead = { public: 42, private: 11 }

function size(pem, kind) {
  const key = kind === 'private' ? crypto().createPrivateKey(pem) : crypto().createPublicKey(pem)
  if (key.asymmetricKeyType !== 'rsa') throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The key must be one of RSA. It is one of ${key.asymmetricKeyType}`)
  return Math.ceil(key.asymmetricKeyDetails.modulusLength / 8)
}

function inPieces(data, length, change) {
  const pieces = []
  for (let i = 0; i < data.length; i += length) pieces.push(change(data.subarray(i, i + length)))
  return Buffer.concat(pieces)
}

function encrypt(kind, pem, text, chunkSize) {
  const most = size(pem, kind) - overhead[kind]
  if (!Number.isInteger(chunkSize) || chunkSize < 1 || chunkSize > most) {
    throw error('RangeError', 'ERR_OUT_OF_RANGE', `The chunk size must be a whole number from 1 to ${most}, which is what the key can encrypt. Received ${String(chunkSize)}`)
  }
  const { publicEncrypt, privateEncrypt } = crypto()
  const change = kind === 'private' ? privateEncrypt : publicEncrypt
  return inPieces(Buffer.from(String(text)), chunkSize, (piece) => change(pem, piece)).toString('base64')
}

// What was encrypted comes in pieces as long as the key, whatever the chunk
// size says.
function decrypt(kind, pem, base64) {
  const { publicDecrypt, privateDecrypt } = crypto()
  const change = kind === 'private' ? privateDecrypt : publicDecrypt
  return inPieces(Buffer.from(String(base64), 'base64'), size(pem, kind), (piece) => change(pem, piece)).toString()
}

class CertUtil {
  static publicKeyEncrypt(pem, text, chunkSize) { return encrypt('public', pem, text, chunkSize) }
  static publicKeyDecrypt(pem, base64, chunkSize) { return decrypt('public', pem, base64) }
  static privateKeyEncrypt(pem, text, chunkSize) { return encrypt('private', pem, text, chunkSize) }
  static privateKeyDecrypt(pem, base64, chunkSize) { return decrypt('private', pem, base64) }
  static certEncrypt(pem, text, chunkSize) { return encrypt('public', pem, text, chunkSize) }
  static certDecrypt(pem, base64, chunkSize) { return decrypt('public', pem, base64) }
  static getCertEncryptMaxChunkSize(pem) { return size(pem, 'public') - overhead.public }
  static getCertEncryptContentSize(pem) { return size(pem, 'public') }
  static getPublicKeyEncryptMaxChunkSize(pem) { return size(pem, 'public') - overhead.public }
  static getPublicKeyEncryptContentSize(pem) { return size(pem, 'public') }
  static getPrivateKeyEncryptMaxChunkSize(pem) { return size(pem, 'private') - overhead.private }
  static getPrivateKeyEncryptContentSize(pem) { return size(pem, 'private') }
}

module.exports = { FileUtil, FileHashType, EncryptUtil, CertUtil }

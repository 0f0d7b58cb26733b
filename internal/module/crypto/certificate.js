'use strict'

// X.509 certificates.

const { Buffer, error, argType, bytes, check, callable } = tools
const { pairParts, pairKey } = native.keys

const insideOf = new WeakMap() // X509Certificate -> {handle, info}
const inside = (certificate) => insideOf.get(certificate)
const listed = (text) => (text === '' ? undefined : text.split('\n'))
const textOr = (text) => (text === '' ? undefined : text)

function keyOf(key, wantPrivate) {
  const parts = pairParts(key)
  if (!parts) throw argType('pkey', 'an instance of KeyObject', key)
  if (!parts.pair || Boolean(parts.info.private) !== wantPrivate) {
    throw error('TypeError', 'ERR_INVALID_ARG_VALUE', `The argument 'pkey' is invalid. Received ${tools.received(key)}`)
  }
  return parts
}

// A name as an object; a part that comes twice is an array.
function nameObject(handle, issuer) {
  const flat = native.certificateName(handle, issuer) ?? []
  const out = Object.create(null)
  for (let i = 0; i < flat.length; i += 2) {
    const before = out[flat[i]]
    out[flat[i]] = before === undefined ? flat[i + 1] : [].concat(before, flat[i + 1])
  }
  return out
}

class X509Certificate {
  constructor(data) {
    const b = typeof data === 'string' ? Buffer.from(data) : bytes(data)
    if (b === undefined) throw argType('buffer', 'of type string or an instance of Buffer, TypedArray, or DataView', data)
    const handle = native.certificate(b)
    insideOf.set(this, { handle, info: native.certificateInfo(handle) })
  }
  get subject() { return textOr(inside(this).info.subject) }
  get subjectAltName() { return textOr(inside(this).info.subjectAltName) }
  get issuer() { return textOr(inside(this).info.issuer) }
  get issuerCertificate() { return undefined }
  get infoAccess() { return textOr(inside(this).info.infoAccess) }
  get validFrom() { return inside(this).info.validFrom }
  get validTo() { return inside(this).info.validTo }
  get fingerprint() { return inside(this).info.fingerprint }
  get fingerprint256() { return inside(this).info.fingerprint256 }
  get fingerprint512() { return inside(this).info.fingerprint512 }
  get keyUsage() { return listed(inside(this).info.keyUsage) }
  get serialNumber() { return inside(this).info.serialNumber }
  get raw() { return native.certificateRaw(inside(this).handle) }
  get publicKey() { return pairKey(native.certificateKey(inside(this).handle)) }
  get ca() { return inside(this).info.ca }
  toString() { return inside(this).info.pem }
  toJSON() { return this.toString() }
  checkHost(name) {
    check.string(name, 'name')
    return native.certificateHost(inside(this).handle, name) ?? undefined
  }
  checkEmail(email) {
    check.string(email, 'email')
    return native.certificateEmail(inside(this).handle, email) ? email : undefined
  }
  checkIP(ip) {
    check.string(ip, 'ip')
    return native.certificateIP(inside(this).handle, ip) ? ip : undefined
  }
  checkIssued(other) {
    if (!insideOf.has(other)) throw argType('otherCert', 'an instance of X509Certificate', other)
    return native.certificateIssued(inside(this).handle, inside(other).handle)
  }
  checkPrivateKey(key) {
    const { pair } = keyOf(key, true)
    return native.keyEqual(native.keyPublic(pair), native.certificateKey(inside(this).handle))
  }
  verify(key) { return native.certificateSigned(inside(this).handle, keyOf(key, false).pair) }
  toLegacyObject() {
    const { handle, info } = inside(this)
    const out = {
      subject: nameObject(handle, false), issuer: nameObject(handle, true), subjectaltname: this.subjectAltName, infoAccess: this.infoAccess,
      ca: info.ca, valid_from: info.validFrom, valid_to: info.validTo,
      fingerprint: info.fingerprint, fingerprint256: info.fingerprint256, fingerprint512: info.fingerprint512,
      ext_key_usage: this.keyUsage, serialNumber: info.serialNumber, raw: this.raw,
    }
    for (const name of ['subjectaltname', 'infoAccess', 'ext_key_usage']) if (out[name] === undefined) delete out[name]
    return out
  }
}

module.exports = { X509Certificate: callable(X509Certificate) }

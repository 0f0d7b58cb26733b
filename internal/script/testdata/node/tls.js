const authority = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBZjCCAQygAwIBAgICA+kwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAxMOVGVzdCBh
dXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBkxFzAV
BgNVBAMTDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
py8kSe/QKUqbV4jczP437iqCXNfprPxmL1v4ljF7HyaOOX+FAdBGnSS/ue48J1ph
DYPREE7+xNkn6CSYQiIhD6NCMEAwDgYDVR0PAQH/BAQDAgIEMA8GA1UdEwEB/wQF
MAMBAf8wHQYDVR0OBBYEFOHIWWIVTxWsayVgCYvamQUvk1WDMAoGCCqGSM49BAMC
A0gAMEUCIQCTQ52ZoQgkF4h7Ylib+knlcnAU+7uK0mVB9yVBtKRUNAIgffa/pfvT
juHZiLlsnVoV0nDtoUhJITPJWgTFRrFVQnI=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAdxEz5fnh+0mMT2o
uEL3nwe+06R5UugaV6N3IM7+s42hRANCAASnLyRJ79ApSptXiNzM/jfuKoJc1+ms
/GYvW/iWMXsfJo45f4UB0EadJL+57jwnWmENg9EQTv7E2SfoJJhCIiEP
-----END PRIVATE KEY-----
`,
}
const server_ = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBrDCCAVKgAwIBAgICA+owCgYIKoZIzj0EAwIwGTEXMBUGA1UEAxMOVGVzdCBh
dXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMCQxDjAM
BgNVBAoTBVRlc3RzMRIwEAYDVQQDEwlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggq
hkjOPQMBBwNCAAT6XPU5ID2hq7/yyZ9/S7JlIGzjw79Ut1Cew03RCNJ+niEYUCeg
g9ucT2iCY9vgHjWfRinuJ9gs/tO2jYQatq1zo30wezAOBgNVHQ8BAf8EBAMCB4Aw
HQYDVR0lBBYwFAYIKwYBBQUHAwEGCCsGAQUFBwMCMB8GA1UdIwQYMBaAFOHIWWIV
TxWsayVgCYvamQUvk1WDMCkGA1UdEQQiMCCCCWxvY2FsaG9zdIINKi5leGFtcGxl
LmNvbYcEfwAAATAKBggqhkjOPQQDAgNIADBFAiEAo+9oOlF9WcWqXAYHK1A08sXE
mSIb7HxbOpLlwpPecosCIDNX2XCBNzwUq/fUgI8YcXD8PfQJlcSrJ7WGnXbZJ/MG
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeRfdwzKvZavDzS8M
uCSs7xcXpsgYddKFz4+mmmfGhxGhRANCAAT6XPU5ID2hq7/yyZ9/S7JlIGzjw79U
t1Cew03RCNJ+niEYUCegg9ucT2iCY9vgHjWfRinuJ9gs/tO2jYQatq1z
-----END PRIVATE KEY-----
`,
}
const other = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBlTCCATqgAwIBAgICA+swCgYIKoZIzj0EAwIwGTEXMBUGA1UEAxMOVGVzdCBh
dXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMCAxDjAM
BgNVBAoTBVRlc3RzMQ4wDAYDVQQDEwVvdGhlcjBZMBMGByqGSM49AgEGCCqGSM49
AwEHA0IABCLQVQDYxQEgHnVR992/Hb9M6qy2iPTt5UIgg8gavNYZyarOyEoX/uVa
yrvhJqCQdMgPTOOJLp4v0rGi9+aUs7ujaTBnMA4GA1UdDwEB/wQEAwIHgDAdBgNV
HSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwHwYDVR0jBBgwFoAU4chZYhVPFaxr
JWAJi9qZBS+TVYMwFQYDVR0RBA4wDIIKb3RoZXIudGVzdDAKBggqhkjOPQQDAgNJ
ADBGAiEA6CxK4KnmPCD1T+q0seT9knVxfGqbMbrkLIf3htRMmsoCIQCZTQpuCBp/
a0Lxcc3sVKSOywt4XZblseyiR9jsNnq06A==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgoALv6Cc0MZ6mxjth
K5Oqci/c5vR1vdI5MVoIYcLl5qihRANCAAQi0FUA2MUBIB51Uffdvx2/TOqstoj0
7eVCIIPIGrzWGcmqzshKF/7lWsq74SagkHTID0zjiS6eL9KxovfmlLO7
-----END PRIVATE KEY-----
`,
}
const expired = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBkDCCATWgAwIBAgICA+wwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAxMOVGVzdCBh
dXRob3JpdHkwHhcNMDAwMTAxMDAwMDAwWhcNMDEwMTAxMDAwMDAwWjAeMQ4wDAYD
VQQKEwVUZXN0czEMMAoGA1UEAxMDb2xkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAETnR9l529IRWQ6G6PwuB/zY9i8gxj3Ni+cEmf/4Q7gR6a7rjvzed6dPFbhJrk
cCEOesoR/ISnNXP+UVtC5TD5EqNoMGYwDgYDVR0PAQH/BAQDAgeAMB0GA1UdJQQW
MBQGCCsGAQUFBwMBBggrBgEFBQcDAjAfBgNVHSMEGDAWgBThyFliFU8VrGslYAmL
2pkFL5NVgzAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwIDSQAwRgIh
AKM0pT4K6PsUwaB0WLXYXSgfwRyMfMtc3zzpIEBnrJewAiEA12BcqLsf5MJ5pzgB
NfMkSJ97LHA+oIJk76vgkxZZw5s=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnWhK7V7CmLZNvQxn
7AVqqgO0qPXeI5U4WVBli/e6pfihRANCAAROdH2Xnb0hFZDobo/C4H/Nj2LyDGPc
2L5wSZ//hDuBHpruuO/N53p08VuEmuRwIQ56yhH8hKc1c/5RW0LlMPkS
-----END PRIVATE KEY-----
`,
}
const client = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBfTCCASSgAwIBAgICA+0wCgYIKoZIzj0EAwIwGTEXMBUGA1UEAxMOVGVzdCBh
dXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMCExDjAM
BgNVBAoTBVRlc3RzMQ8wDQYDVQQDEwZjbGllbnQwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR4KdcGG5qfNJx9SO/fzu3wSt2ibhZK5Q7n3Sm04UYOYJxsiWhsg3gP
RoOWI8awAFjiT1woApjhmC72rEmVB4Yno1IwUDAOBgNVHQ8BAf8EBAMCB4AwHQYD
VR0lBBYwFAYIKwYBBQUHAwEGCCsGAQUFBwMCMB8GA1UdIwQYMBaAFOHIWWIVTxWs
ayVgCYvamQUvk1WDMAoGCCqGSM49BAMCA0cAMEQCIAG8oni8bEsvj4L0/yXc1XlB
XiwAhUOvxkExSs9WfRGTAiAZN5E6wa8Ouj5ovJAxWDOtGa4tXGt+9MMUipe30bfL
kA==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeIc1qeArJOdwwFNM
zS8m9zMAnM7ny8reHuqN1VBwwsuhRANCAAR4KdcGG5qfNJx9SO/fzu3wSt2ibhZK
5Q7n3Sm04UYOYJxsiWhsg3gPRoOWI8awAFjiT1woApjhmC72rEmVB4Yn
-----END PRIVATE KEY-----
`,
}
const alone = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBpzCCAU2gAwIBAgICA+4wCgYIKoZIzj0EAwIwHzEOMAwGA1UEChMFVGVzdHMx
DTALBgNVBAMTBHNlbGYwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBa
MB8xDjAMBgNVBAoTBVRlc3RzMQ0wCwYDVQQDEwRzZWxmMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAE3z9AtW1DeQyA1Hnmb/0QDXozZU847Fh7OPxQo5XluqhvkZoX
wYHx8Es8U4gomE9jKnweYizgbXbYJwDqTXTNhqN3MHUwDgYDVR0PAQH/BAQDAgKE
MB0GA1UdJQQWMBQGCCsGAQUFBwMBBggrBgEFBQcDAjAPBgNVHRMBAf8EBTADAQH/
MB0GA1UdDgQWBBQryAon3ZhucuxhRCRiYZMvus5QwzAUBgNVHREEDTALgglsb2Nh
bGhvc3QwCgYIKoZIzj0EAwIDSAAwRQIgFXoICTwEKjuS4RkpEDUeQg8o+lNa8yrr
QyS2dqrJ7NoCIQC43oZUnt57YnjVQ8CC+rA9Q+761lqyxQup2qZBdaPfuQ==
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnNBEI9INYiWX5RwD
KBzT52fVhAiHuPbC5FwfdozNIB2hRANCAATfP0C1bUN5DIDUeeZv/RANejNlTzjs
WHs4/FCjleW6qG+RmhfBgfHwSzxTiCiYT2MqfB5iLOBtdtgnAOpNdM2G
-----END PRIVATE KEY-----
`,
}

const tls = require('tls'), net = require('net')
const { once } = require('events')
const { createHash, randomBytes } = require('crypto')

const shown = (e) => [e.name, e.code, e.message].join(' ')
const attempt = (what, f) => { try { console.log(what, f()) } catch (e) { console.log(what, e.name, e.code) } }
const closed = (socket) => socket.closed || new Promise((resolve) => socket.once('close', resolve))
const ended = (server) => new Promise((resolve) => server.close(resolve))

async function serve(options, use, extra = {}) {
  const sockets = []
  const server = tls.createServer({ key: server_.key, cert: server_.cert, ...options }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (d) => socket.write(d))
  })
  server.on('tlsClientError', () => {})
  Object.assign(server, extra)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await use(server.address().port, server, sockets)
  for (const socket of sockets) socket.destroy()
  await ended(server)
}

// connect tells how a connection comes out.
async function connect(what, options) {
  const socket = tls.connect(options)
  const outcome = await new Promise((resolve) => {
    socket.on('secureConnect', () => socket.write('x'))
    socket.on('data', () => resolve(`${socket.authorized} ${socket.authorizationError} ${socket.getProtocol()} ${socket.alpnProtocol} ${options.servername ? socket.servername : ''}`))
    socket.on('error', (e) => resolve(`${shown(e)} ${socket.authorized}`))
  })
  console.log(what, outcome)
  socket.destroy()
  await closed(socket)
}

async function names() {
  const cert = { subject: { CN: 'cn.test' }, subjectaltname: 'DNS:a.test, DNS:*.b.test, IP Address:10.0.0.1, DNS:x*y.c.test, URI:http://d.test' }
  for (const host of ['a.test', 'A.TEST.', 'z.a.test', 'x.b.test', 'x.y.b.test', 'b.test', '10.0.0.1', '10.0.0.2', 'cn.test', 'x1y.c.test', 'd.test', '']) {
    const e = tls.checkServerIdentity(host, cert)
    console.log(host, e ? `${e.code} ${e.reason} ${e.host}` : e)
  }
  console.log(tls.checkServerIdentity('cn.test', { subject: { CN: 'cn.test' } }))
  console.log(tls.checkServerIdentity('x.test', { subject: { CN: 'cn.test' } }).message)
  console.log(tls.checkServerIdentity('x.test', { subject: {} }).reason)
  attempt('version', () => tls.createSecureContext({ minVersion: 'TLSv9' }))
  attempt('cert', () => tls.createSecureContext({ cert: 'nonsense', key: server_.key }))
  attempt('mismatch', () => tls.createSecureContext({ cert: server_.cert, key: other.key }))
  attempt('ciphers', () => tls.createSecureContext({ ciphers: 'no-such-cipher' }))
  console.log(tls.DEFAULT_MIN_VERSION, tls.DEFAULT_MAX_VERSION, tls.getCiphers().includes('tls_aes_128_gcm_sha256'))
}

async function trust() {
  const ca = authority.cert
  await serve({}, async (port) => {
    await connect('trusted', { port, host: '127.0.0.1', servername: 'localhost', ca })
    await connect('by address', { port, host: '127.0.0.1', ca })
    await connect('by name', { port, host: 'localhost', ca })
    await connect('wild', { port, host: '127.0.0.1', servername: 'a.example.com', ca })
    await connect('wrong name', { port, host: '127.0.0.1', servername: 'b.test', ca })
    await connect('wrong name allowed', { port, host: '127.0.0.1', servername: 'b.test', ca, rejectUnauthorized: false })
    await connect('own check', { port, host: '127.0.0.1', servername: 'b.test', ca, checkServerIdentity: (name, cert) => (name === 'b.test' && cert.subject.CN === 'localhost' ? undefined : new Error('no')) })
    await connect('own refusal', { port, host: '127.0.0.1', servername: 'localhost', ca, checkServerIdentity: () => new Error('refused') })
    await connect('unknown issuer', { port, host: '127.0.0.1', servername: 'localhost' })
    await connect('unknown allowed', { port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false })
    await connect('1.2', { port, host: '127.0.0.1', servername: 'localhost', ca, maxVersion: 'TLSv1.2' })
  })
  await serve({ key: alone.key, cert: alone.cert }, async (port) => {
    await connect('self-signed', { port, host: 'localhost' })
    await connect('self-signed trusted', { port, host: 'localhost', ca: alone.cert })
    await connect('self-signed allowed', { port, host: 'localhost', rejectUnauthorized: false })
  })
  await serve({ key: expired.key, cert: expired.cert }, async (port) => {
    await connect('expired', { port, host: 'localhost', ca })
    await connect('expired allowed', { port, host: 'localhost', ca, rejectUnauthorized: false })
  })
  await serve({ key: server_.key, cert: server_.cert + authority.cert }, (port) => connect('chain', { port, host: 'localhost' }))
  await serve({ ALPNProtocols: ['one', 'two'] }, async (port) => {
    await connect('alpn', { port, host: 'localhost', ca, ALPNProtocols: ['two', 'three'] })
    await connect('no alpn', { port, host: 'localhost', ca })
  })
  const answer = (name, done) => {
    if (name === 'other.test') done(null, tls.createSecureContext({ key: other.key, cert: other.cert }))
    else done(null)
  }
  await serve({ SNICallback: answer }, async (port, server, sockets) => {
    await connect('sni', { port, host: '127.0.0.1', servername: 'other.test', ca })
    await connect('sni default', { port, host: '127.0.0.1', servername: 'localhost', ca })
    while (sockets.length < 2) await new Promise(setImmediate)
    console.log(sockets.map((one) => one.servername).join())
  })
  await serve({}, async (port, server) => {
    server.addContext('*.test', { key: other.key, cert: other.cert })
    await connect('context', { port, host: '127.0.0.1', servername: 'other.test', ca })
  })
}

async function clients() {
  const ca = authority.cert
  for (const rejectUnauthorized of [true, false]) {
    await serve({ requestCert: true, rejectUnauthorized, ca }, async (port, server, sockets) => {
      const good = tls.connect({ port, host: 'localhost', ca, key: client.key, cert: client.cert })
      good.write('x')
      await once(good, 'data')
      console.log('client', sockets[0].authorized, sockets[0].authorizationError, sockets[0].getPeerCertificate().subject.CN, good.getCertificate().subject.CN)
      good.destroy()
      const bad = tls.connect({ port, host: 'localhost', ca, key: alone.key, cert: alone.cert })
      bad.write('x')
      const outcome = await new Promise((resolve) => {
        bad.once('data', () => resolve('accepted'))
        bad.once('error', () => resolve('refused'))
        bad.once('close', () => resolve('refused'))
      })
      console.log(rejectUnauthorized, outcome, sockets[1]?.authorized, sockets[1]?.authorizationError)
      bad.destroy()
    })
  }
}

async function traffic() {
  const ca = authority.cert
  await serve({}, async (port, server, sockets) => {
    const socket = tls.connect({ port, host: 'localhost', ca }, () => console.log('secure', socket.encrypted, socket.getCipher().version))
    socket.on('connect', () => console.log('connect', socket.authorized))
    const data = randomBytes(2 * 1024 * 1024), hash = createHash('sha256')
    let received = 0
    socket.on('data', (chunk) => {
      hash.update(chunk)
      received += chunk.length
      if (received === data.length) socket.end()
    })
    socket.write(data)
    await closed(socket)
    console.log(received, hash.digest('hex') === createHash('sha256').update(data).digest('hex'))
    const certificate = (s) => {
      const { subject, issuer, subjectaltname, ca: isCA, bits, nistCurve, asn1Curve, valid_from, valid_to, fingerprint, fingerprint256, fingerprint512, serialNumber, ext_key_usage, raw, pubkey } = s
      return { subject: { ...subject }, issuer: { ...issuer }, subjectaltname, isCA, bits, nistCurve, asn1Curve, valid_from, valid_to, fingerprint, fingerprint256, fingerprint512, serialNumber, ext_key_usage, raw: raw.length, pubkey: pubkey.length }
    }
    const again = tls.connect({ port, host: 'localhost', ca })
    await once(again, 'secureConnect')
    console.log(certificate(again.getPeerCertificate()))
    console.log(again.getPeerCertificate(true).issuerCertificate.subject.CN)
    again.destroy()
    await closed(again)
  })

  // Plain first, then TLS on the same connection, as mail servers do.
  const plain = net.createServer((socket) => {
    socket.once('data', (d) => {
      console.log('plain', String(d))
      socket.write('go', () => {
        const secured = new tls.TLSSocket(socket, { isServer: true, key: server_.key, cert: server_.cert })
        secured.on('data', (chunk) => secured.end('secured ' + chunk))
        secured.on('error', (e) => console.log(shown(e)))
      })
    })
  })
  plain.listen(0, '127.0.0.1')
  await once(plain, 'listening')
  const below = net.connect(plain.address().port, '127.0.0.1')
  below.write('start')
  const [go] = await once(below, 'data')
  console.log(String(go))
  const above = tls.connect({ socket: below, servername: 'localhost', ca })
  await once(above, 'secureConnect')
  console.log(above.authorized, above.remotePort === plain.address().port)
  above.write('hello')
  const [answer] = await once(above, 'data')
  console.log(String(answer))
  await closed(above)
  await ended(plain)

  // Not TLS at all.
  const deaf = net.createServer((socket) => { socket.on('error', () => {}); socket.resume(); socket.end('nonsense, and more of it\r\n') })
  deaf.listen(0, '127.0.0.1')
  await once(deaf, 'listening')
  const [wrong] = await once(tls.connect(deaf.address().port, '127.0.0.1'), 'error')
  console.log(wrong.code)
  await ended(deaf)
  const hang = net.createServer((socket) => socket.destroy())
  hang.listen(0, '127.0.0.1')
  await once(hang, 'listening')
  const [gone] = await once(tls.connect(hang.address().port, '127.0.0.1'), 'error')
  console.log(gone.code)
  await ended(hang)
  const [refused] = await once(tls.connect(hang.port ?? 1, '127.0.0.1'), 'error')
  console.log(shown(refused))
}

async function main() {
  for (const part of [names, trust, clients, traffic]) {
    console.log('#', part.name)
    await part()
  }
  exit()
}
module.exports = { onMessage() {} }
main().catch((e) => { console.log(e); exit() })

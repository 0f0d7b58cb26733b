// https both ways, with certificates that are believed and not; the streams of
// requests are those of http.js.
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
const https = require('https')
const served = []
const server = https.createServer({ cert: server_.cert, key: server_.key }, (req, res) => {
  served.push([req.url, req.socket.encrypted, req.socket.getProtocol(), req.headers.host === `localhost:${server.address().port}`])
  res.end('secure ' + req.method)
})
const agent = new https.Agent({ keepAlive: true, ca: authority.cert })
const ask = (options) => new Promise((resolve) => {
  const req = https.request({ host: 'localhost', port: server.address().port, ...options }, (res) => {
    let text = ''
    const { authorized } = res.socket
    res.on('data', (chunk) => { text += chunk })
    res.on('end', () => resolve([res.statusCode, text, authorized, req.reusedSocket]))
  })
  req.on('error', (error) => resolve([error.code, error.message]))
  req.end()
})
server.listen(0, async () => {
  console.log(await ask({ path: '/refused' }))
  console.log(await ask({ path: '/believed', agent }))
  console.log(await ask({ path: '/again', agent, method: 'POST' }))
  console.log(await ask({ path: '/own', ca: authority.cert }))
  console.log(await ask({ path: '/anyway', rejectUnauthorized: false }))
  console.log(await ask({ path: '/name', ca: authority.cert, checkServerIdentity: () => new Error('not you') }))
  console.log(served)
  for (const use of [() => https.get('http://localhost'), () => require('http').get('https://localhost')]) {
    try { use() } catch (error) { console.log(error.code, error.message) }
  }
  console.log(https.globalAgent.protocol, https.globalAgent.defaultPort, new https.Agent().getName({ host: 'h', port: 1, servername: 's' }).split(':').slice(0, 3))
  const reason = await fetch(`https://localhost:${server.address().port}`).catch((error) => error)
  console.log(reason.message, reason.cause.code)
  server.closeAllConnections()
  server.close(() => { console.log('closed'); exit() })
})

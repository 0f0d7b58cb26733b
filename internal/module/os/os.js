'use strict'

const { platform, arch } = native.require('process')
const types = { linux: 'Linux', darwin: 'Darwin', win32: 'Windows_NT', freebsd: 'FreeBSD', openbsd: 'OpenBSD' }
const machines = { x64: 'x86_64', arm64: platform === 'linux' ? 'aarch64' : 'arm64', ia32: 'i686' }

function networkInterfaces () {
  const all = {}
  for (const [name, address, bits, mac, internal, scopeid, netmask] of native.networks()) {
    const family = address.includes(':') ? 'IPv6' : 'IPv4'
    const entry = { address, netmask, family, mac, internal, cidr: address + '/' + bits }
    if (family === 'IPv6') entry.scopeid = scopeid
    if (!Object.hasOwn(all, name)) all[name] = []
    all[name].push(entry)
  }
  return all
}

function userInfo (options) {
  const [username, uid, gid, homedir, shell] = native.user()
  const text = (v) => (v !== null && options && options.encoding === 'buffer' ? tools.Buffer.from(v) : v)
  return Object.assign(Object.create(null), { uid, gid, username: text(username), homedir: text(homedir), shell: text(shell) })
}

module.exports = {
  arch: () => arch,
  availableParallelism: () => native.processors(),
  endianness: () => (native.littleEndian ? 'LE' : 'BE'),
  freemem: () => native.memory('MemAvailable'),
  homedir: () => native.homedir(),
  hostname: () => native.hostname(),
  loadavg: () => [...native.load()],
  machine: () => machines[arch] ?? arch,
  networkInterfaces,
  platform: () => platform,
  release: () => native.release(),
  tmpdir: () => native.tmpdir(),
  totalmem: () => native.memory('MemTotal'),
  type: () => types[platform] ?? platform,
  uptime: () => native.uptime(),
  userInfo,
  EOL: platform === 'win32' ? '\r\n' : '\n',
  devNull: platform === 'win32' ? '\\\\.\\nul' : '/dev/null',
}
for (const name of Object.keys(module.exports)) {
  const f = module.exports[name]
  if (typeof f === 'function' && f !== networkInterfaces && f !== userInfo) f[Symbol.toPrimitive] = () => f()
}
tools.missing(module.exports, 'os', 'cpus getPriority setPriority version constants')

'use strict'

const { platform, arch } = native.require('process')
const types = { linux: 'Linux', darwin: 'Darwin', win32: 'Windows_NT', freebsd: 'FreeBSD', openbsd: 'OpenBSD' }
const machines = { x64: 'x86_64', arm64: platform === 'linux' ? 'aarch64' : 'arm64', ia32: 'i686' }

module.exports = {
  arch: () => arch,
  availableParallelism: () => native.processors(),
  endianness: () => (native.littleEndian ? 'LE' : 'BE'),
  freemem: () => native.memory('MemAvailable'),
  hostname: () => native.hostname(),
  loadavg: () => [...native.load()],
  machine: () => machines[arch] ?? arch,
  platform: () => platform,
  release: () => native.release(),
  tmpdir: () => native.tmpdir(),
  totalmem: () => native.memory('MemTotal'),
  type: () => types[platform] ?? platform,
  uptime: () => native.uptime(),
  EOL: platform === 'win32' ? '\r\n' : '\n',
  devNull: platform === 'win32' ? '\\\\.\\nul' : '/dev/null',
}
for (const name of Object.keys(module.exports)) {
  const f = module.exports[name]
  if (typeof f === 'function') f[Symbol.toPrimitive] = () => f()
}
tools.missing(module.exports, 'os', 'cpus getPriority homedir networkInterfaces setPriority userInfo version constants')

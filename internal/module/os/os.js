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

// sorted makes an object of numbers, in their order, or that of their names.
const sorted = (numbers, compare) => Object.freeze(Object.assign(Object.create(null), Object.fromEntries(Object.entries(numbers).sort(compare))))

function constants () {
  const [errno, signals] = native.constants()
  return Object.freeze(Object.assign(Object.create(null), {
    UV_UDP_REUSEADDR: 4,
    dlopen: Object.freeze(Object.assign(Object.create(null), { RTLD_LAZY: 1, RTLD_NOW: 2, RTLD_GLOBAL: 256, RTLD_LOCAL: 0, RTLD_DEEPBIND: 8 })),
    errno: sorted(errno, ([a], [b]) => (a < b ? -1 : 1)),
    signals: sorted(signals, ([, a], [, b]) => a - b),
    priority: Object.freeze(Object.assign(Object.create(null), {
      PRIORITY_LOW: 19, PRIORITY_BELOW_NORMAL: 10, PRIORITY_NORMAL: 0, PRIORITY_ABOVE_NORMAL: -7, PRIORITY_HIGH: -14, PRIORITY_HIGHEST: -20,
    })),
  }))
}

// A script is not told what the processors are, only how many.
const processor = () => ({ model: 'unknown', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } })

module.exports = {
  arch: () => arch,
  availableParallelism: () => native.processors(),
  constants: constants(),
  cpus: () => Array.from({ length: native.processors() }, processor),
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
  version: () => native.version(),
  EOL: platform === 'win32' ? '\r\n' : '\n',
  devNull: platform === 'win32' ? '\\\\.\\nul' : '/dev/null',
}
for (const name of Object.keys(module.exports)) {
  const f = module.exports[name]
  if (typeof f === 'function' && ![networkInterfaces, userInfo, module.exports.cpus].includes(f)) f[Symbol.toPrimitive] = () => f()
}
tools.missing(module.exports, 'os', 'getPriority setPriority')

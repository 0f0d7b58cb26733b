const os = require('os')
const show = (...a) => console.log(...a)
show(os.EOL, os.platform(), os.arch(), os.type(), os.machine(), os.hostname(), os.endianness(), os.devNull, os.availableParallelism() > 0, `${os.platform}`, require('node:os') === os)
for (const name of ['release', 'tmpdir']) show(name, typeof os[name](), os[name]().length > 0)
if (process.platform === 'linux') show(os.release(), os.totalmem(), os.freemem() > 0 && os.freemem() < os.totalmem(), os.loadavg().length, os.loadavg().every((n) => n >= 0), os.uptime() > 0, Math.abs(os.uptime()) < 1e10)
show(os.homedir(), os.userInfo(), Object.getPrototypeOf(os.userInfo()), Object.keys(os.userInfo({ encoding: 'buffer' })).join(), os.userInfo({ encoding: 'buffer' }).username)
show(os.networkInterfaces())
{ // constants
  const sorted = (o) => Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1))
  const { errno, signals, priority, dlopen } = os.constants
  console.log(sorted(errno), sorted(signals), priority, dlopen, Object.keys(os.constants).length)
  try { require('fs').readFileSync('nowhere.txt') } catch (e) { console.log(Math.abs(e.errno) === errno.ENOENT) }
  console.log(os.cpus().length === os.availableParallelism(), Object.keys(os.cpus()[0]), Object.keys(os.cpus()[0].times), os.version() !== '', typeof os.version())
  console.log(process.getuid() === os.userInfo().uid, process.geteuid() === process.getuid(), process.getgid() === os.userInfo().gid, process.getegid(), process.getuid.name)
  const fs = require('fs'), { O_CREAT, O_EXCL, O_RDWR } = fs.constants
  const fd = fs.openSync('new.txt', O_CREAT | O_EXCL | O_RDWR)
  fs.writeSync(fd, 'new')
  fs.closeSync(fd)
  try { fs.openSync('new.txt', O_CREAT | O_EXCL | O_RDWR) } catch (e) { console.log(e.code, fs.readFileSync('new.txt', 'utf8')) }
  fs.unlinkSync('new.txt')
  const constants = require('constants')
  console.log(constants.ENOENT, constants.SIGTERM, constants.O_RDONLY, constants.S_IFDIR, constants.R_OK, constants.PRIORITY_LOW, constants.RTLD_LAZY, constants.RSA_PKCS1_PADDING, Object.isFrozen(constants))
}
exit()

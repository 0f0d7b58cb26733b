const show = (...a) => console.log(...a)
const fails = (f) => { try { show(JSON.stringify(f())) } catch (e) { show(e.name, e.code, e.message, e instanceof Error) } }
for (const text of ['', 'YQ==', 'YQ', ' Y Q = = ', 'YWI=', 'YWJj', 'YR==', '/+8=', 'a', 'a*==', 'YQ=', 'YQ===', '=', '====', 'YW=j', 'YQ-_', 'é', 'YWJjZ']) fails(() => atob(text))
for (const value of ['', 'a', 'ab', 'abc', '\xff\0', null, undefined, 5, '€', 'a\u0100', { toString: () => 'x' }]) fails(() => btoa(value))
fails(() => atob()); fails(() => btoa()); fails(() => atob(null)); fails(() => atob(1234))
show(require('buffer').atob === atob, require('buffer').btoa === btoa)
exit()

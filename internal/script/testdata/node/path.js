const path = require('path')
const inputs = ['', '.', '..', '/', '//', 'a', '/a', 'a/', '/a/', 'a/b', '/a/b', '/a/b/', 'a/../b', '../a', '../../a', '/../a', 'a/./b', './a', './', 'a//b', '/a//b//', '.a', 'a.', 'a.b', 'a.b.c', '/x/.bashrc', 'a/.b.c', '..a', 'a..', '...', 'a/..', 'a/b/..', 'file.tar.gz', '/a/b.js/', 'ünï/çödé.txt', ' ', 'a b/c d.e f']
for (const i of inputs) console.log(JSON.stringify(i), JSON.stringify([path.normalize(i), path.dirname(i), path.basename(i), path.extname(i), path.isAbsolute(i), path.parse(i), path.join(i, 'x'), path.join('x', i), path.join('/x', i), path.resolve('/base', i), path.relative('/base/dir', path.resolve('/base', i))]))
console.log(path.join(), path.join('', ''), path.join('a', '', 'b'), path.join('a', '../..', 'b'), path.resolve('/a', '..', 'b'), path.resolve('/a', '/b', 'c'), path.basename('a.txt', '.txt'), path.basename('.txt', '.txt'), path.basename('a.txt', 'x'), path.basename('/a/b.c', 'b.c'))
console.log(path.format({ dir: '/a', base: 'b.c' }), path.format({ root: '/', name: 'n', ext: '.e' }), path.format({ name: 'n', ext: 'e' }), path.format({ dir: '/', root: '/', base: 'b' }), path.format({}))
console.log(path.relative('/a/b/c', '/a/d'), path.relative('/a', '/a'), path.relative('/', '/a/b'), path.sep, path.delimiter, path.posix === path, require('node:path') === path)
for (const f of ['join', 'normalize', 'dirname', 'basename', 'extname', 'isAbsolute', 'parse', 'resolve']) try { path[f](5); console.log('no error') } catch (e) { console.log(f, e.name, e.code, e.message) }
exit()

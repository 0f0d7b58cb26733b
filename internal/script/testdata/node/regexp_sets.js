// Regular expressions with the flag v: classes in classes, and operations on them.
const log = console.log
const t = (f) => { try { log(f()) } catch (e) { log(e.name + ': ' + e.message) } }
const all = (r, text = 'aBkKſ\u212a1_-éÉλΩЖ漢 \u2028😀&!') => [...text].filter((c) => r.test(c)).join('')
log(all(/[\p{L}--[a-z]]/v), all(/[\w&&\p{Lu}]/v), all(/[^\p{L}\d]/v), all(/[[a-z][0-9]_]/v), all(/[\p{L}--\p{Script=Greek}--[éÉ]]/v), all(/[[^a]&&\w]/v))
log(all(/[\p{Lu}&&[a-z]]/vi), all(/\P{Lu}/v), all(/\P{Lu}/vi), all(/[^\P{Lu}]/vi), all(/[^k]/vi), all(/[ſ]/vi), all(/\p{Ll}/vi))
log(all(/[\q{a|B|😀}]/v), all(/[\-\&\!\u{41}-\u{4B}\x61\u00e9\ud83d\ude00]/v), all(/[\s\S]/v).length, all(/[]/v).length, all(/[^]/v).length, all(/[\D--\W]/v), all(/[\n\cA\0\b\u2028]/v).length)
const r = /[\p{L}--q]+/gv
log(r, r.flags, r.source, r.unicodeSets, r.unicode, r.hasIndices, r.global, r.lastIndex, String(r), r instanceof RegExp, r.constructor === RegExp)
log('ab q cd'.replace(r, '<$&>'), 'ab q cd'.match(r), 'abqcd'.split(/[q]/v), [...'aq b'.matchAll(r)].map(String), 'q.a'.search(r), new RegExp(r).flags, new RegExp(/[a]/v, 'u').flags, new RegExp(r, 'vy').exec('ab')[0], new RegExp('[a&&a]', 'v').test('a'))
log(/a/.unicodeSets, /a/.hasIndices, RegExp.prototype.unicodeSets, RegExp.prototype.hasIndices, structuredClone(r).flags, /\p{Emoji}\b|(?<x>y)/v.exec('y').groups.x, /^\p{Lu}\P{Lu}\.[.]$/v.test('Aa..'))
for (const p of ['[a--b&&c]', '[a-z--b]', '[--a]', '[a&&b--c]', '[ab--c]', '[(]', '[a-]', '[a|b]', '[a!!b]', '[', '[[a]', '[z-a]', '[\\p{Foo}]', '\\p{Foo}', '[\\u{110000}]', '[a--]', '[\\y]', '[\\00]']) t(() => { new RegExp(p, 'v'); return p })
for (const f of ['uv', 'vv', 'vg', 'uu', 'vx']) t(() => new RegExp('a', f).flags)
exit()

const log = (...values) => console.log(...values)
const attempt = (f) => { try { log(f()) } catch (e) { log(e.name) } }
const texts = ['', 'abc', 'e\u0301a', '👩‍👩‍👧‍👦🇫🇷🇩🇪x', 'a\r\nb', '👍🏽!', 'ก็', '각', '안녕 하세요', 'x\ud800y', 'The quick (“brown”) fox can’t jump 32.3 feet, right?', 'Mr. Smith went. He did! Really?  Yes.\nNew line', 'a_b-c d.e 1,000.5 $3', 'wi-fi  http://x.y/z', 'Привет, мир']
for (const granularity of ['grapheme', 'word', 'sentence']) {
  const segmenter = new Intl.Segmenter('en', { granularity })
  for (const text of texts) log(JSON.stringify([...segmenter.segment(text)].map(({ segment, index, isWordLike }) => [segment, index, isWordLike])))
}
const segments = new Intl.Segmenter('en', { granularity: 'word' }).segment('Hello, world')
for (const i of [0, 4, 5, 7, 11, 12, -1, undefined, 2.9, 'x']) log(segments.containing(i))
log(segments.containing(7), [...segments].length, [...segments].length, new Intl.Segmenter().resolvedOptions(), new Intl.Segmenter('de').resolvedOptions().locale)
const it = segments[Symbol.iterator]()
log(it.next().value, it[Symbol.iterator]() === it, Object.prototype.toString.call(it), [...it].length, it.next())
log(Object.prototype.toString.call(new Intl.Segmenter()), Intl.Segmenter.supportedLocalesOf(['en', 'de']), Intl.Segmenter.length, Object.keys(Intl.Segmenter.prototype))
for (const f of [() => new Intl.Segmenter('en', { granularity: 'line' }), () => new Intl.Segmenter('en', null), () => Intl.Segmenter(), () => Intl.Segmenter.prototype.segment.call({}, 'a'), () => new Intl.Segmenter('x_y'), () => it.next.call({}), () => segments.containing.call({}, 1)]) attempt(f)
log(new Intl.Segmenter().segment().containing(0).segment)
exit()

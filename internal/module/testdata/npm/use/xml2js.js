const xml2js = require('xml2js');

require('./same.js')(async (same) => {
  const parsed = await xml2js.parseStringPromise('<r id="1"><v>21.5</v><v>x &amp; y</v><!-- none --><e/></r>');
  same(parsed, { r: { $: { id: '1' }, v: ['21.5', 'x & y'], e: [''] } });
  const plain = await new xml2js.Parser({ explicitArray: false, mergeAttrs: true, valueProcessors: [xml2js.processors.parseNumbers] }).parseStringPromise('<r id="1"><v>21.5</v></r>');
  same(plain, { r: { id: '1', v: 21.5 } });
  const text = new xml2js.Builder({ headless: true, renderOpts: { pretty: false } }).buildObject({ r: { $: { id: 1 }, v: [1, '<'] } });
  same(text, '<r id="1"><v>1</v><v>&lt;</v></r>');
  same(await xml2js.parseStringPromise('<r>').catch((error) => error.message.split('\n')[0]), 'Unclosed root tag');
});

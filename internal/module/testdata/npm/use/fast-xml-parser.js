const { XMLBuilder, XMLParser } = require('fast-xml-parser');

require('./same')((same) => {
  const parsed = new XMLParser({ ignoreAttributes: false }).parse('<r id="1"><v>21.5</v><v>x</v></r>');
  same(parsed, { r: { v: [21.5, 'x'], '@_id': '1' } });
  same(new XMLBuilder().build({ r: { v: [1, 2] } }), '<r><v>1</v><v>2</v></r>');
});

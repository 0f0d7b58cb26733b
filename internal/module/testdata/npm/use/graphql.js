const { buildSchema, graphql, parse, print, subscribe } = require('graphql');

require('./same.js')(async (same) => {
  const schema = buildSchema(`
    enum Unit { C F }
    type Room { name: String! temperature(unit: Unit = C): Float }
    type Query { room(name: ID!): Room rooms: [Room!]! }
    type Subscription { value: Int }
  `);
  const room = (name) => ({ name, temperature: async ({ unit }) => (unit === 'F' ? 68 : 20) });
  const rootValue = { room: (args) => room(args.name), rooms: () => ['hall', 'attic'].map(room) };
  const ask = async (source, variableValues) => JSON.parse(JSON.stringify(await graphql({ schema, rootValue, source, variableValues })));
  same(await ask('query ($n: ID!) { room(name: $n) { name f: temperature(unit: F) temperature } rooms { name } }', { n: 'hall' }),
    { data: { room: { name: 'hall', f: 68, temperature: 20 }, rooms: [{ name: 'hall' }, { name: 'attic' }] } });
  same((await ask('{ room(name: 1) { colour } }')).errors[0].message, 'Cannot query field "colour" on type "Room".');
  same(print(parse('{rooms{name}}')), '{\n  rooms {\n    name\n  }\n}');
  const values = await subscribe({ schema, document: parse('subscription { value }'), rootValue: { value: async function* () { yield { value: 1 }; yield { value: 2 }; } } });
  const seen = [];
  for await (const { data } of values) seen.push(data.value);
  same(seen, [1, 2]);
});

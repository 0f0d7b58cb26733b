publish('t'); // expect TS2554
publish(1, 'm'); // expect TS2345
publish('t', { a: 1 }); // expect TS2353
publish('t', 5); // expect TS2345
publish('t', ['a']); // expect TS2322
publish('t', 'm', { qos: 3 }); // expect TS2322
publish('t', 'm', { retian: true }); // expect TS2561
publish('t', 'm', { properties: { messageExpiryInterval: '60' } }); // expect TS2322
publish('t', 'm', { properties: { correlationData: 'id' } }); // expect TS2322
publish('t', 'm', { properties: { userProperties: { a: 1 } } }); // expect TS2322
publish('t', 'm', { properties: { contenttype: 'a' } }); // expect TS2561
exit(1); // expect TS2554

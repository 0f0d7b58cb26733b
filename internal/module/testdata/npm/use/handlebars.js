const Handlebars = require('handlebars');

require('./same')((same) => same(Handlebars.compile('{{#each list}}{{@index}}={{this}};{{/each}}')({ list: ['a', 'b'] }), '0=a;1=b;'));

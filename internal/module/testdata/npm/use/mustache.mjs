import Mustache from 'mustache';
import run from './same.js';

run((same) => same(Mustache.render('{{#list}}<{{.}}>{{/list}}', { list: [1, 2] }), '<1><2>'));

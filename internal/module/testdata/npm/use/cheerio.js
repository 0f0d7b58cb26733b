const cheerio = require('cheerio');

require('./same.js')((same) => {
  const $ = cheerio.load('<ul id="rooms"><li class="on">hall</li><li>attic &amp; roof</li></ul><p data-t="21.5">');
  same($('li').map((i, item) => $(item).text()).get(), ['hall', 'attic & roof']);
  same([$('li.on + li').length, $('#rooms > li:last-child').text(), $('p').data('t')], [1, 'attic & roof', 21.5]);
  $('#rooms').append('<li>cellar</li>').find('.on').removeClass('on').attr('title', '"x"');
  same($.html('ul'), '<ul id="rooms"><li class="" title="&quot;x&quot;">hall</li><li>attic &amp; roof</li><li>cellar</li></ul>');
  same($.extract({ rooms: [{ selector: 'li' }] }), { rooms: ['hall', 'attic & roof', 'cellar'] });
  same(cheerio.load('<a><b/></a>', { xml: true }).xml(), '<a><b/></a>');
});

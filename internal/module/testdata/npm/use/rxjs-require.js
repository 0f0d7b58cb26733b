const { of } = require('rxjs');
const { map } = require('rxjs/operators');

require('./same')((same) => new Promise((resolve) => {
  of(1).pipe(map((n) => n + 1)).subscribe({ next: (n) => same(n, 2), complete: resolve });
}));

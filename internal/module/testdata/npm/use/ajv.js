const Ajv = require('ajv');
const addFormats = require('ajv-formats');

require('./same')((same) => {
  const ajv = new Ajv({ allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile({
    type: 'object',
    required: ['id', 'at'],
    properties: { id: { type: 'integer', minimum: 1 }, at: { type: 'string', format: 'date-time' } },
    additionalProperties: false,
  });
  same(validate({ id: 1, at: '2024-01-01T00:00:00Z' }), true);
  same(validate({ id: 0, at: 'now', more: 1 }), false);
  same(validate.errors.map((e) => e.keyword), ['additionalProperties', 'minimum', 'format']);
});

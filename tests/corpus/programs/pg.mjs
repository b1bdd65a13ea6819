// platforms: node; sockets.
import pg from 'pg';

const { Client, Pool, types, escapeIdentifier } = pg;
console.log(escapeIdentifier('a"b'), new Client({ connectionString: 'postgres://me:pw@db.test:5433/shop' }).connectionParameters.port, types.getTypeParser(types.builtins.INT4)('42'));
const pool = new Pool({ host: '127.0.0.1', port: 1, max: 1 });
await pool.query('select 1').catch((error) => console.log(error.code));
await pool.end();
console.log(new pg.Query('select $1', ['x']).text, pg.defaults.port);

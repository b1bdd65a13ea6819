// platforms: node; a command line.
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';

const parser = yargs(['build', 'src', '--out', 'dist', '-vv', '--level=3', '--define.a', '1']).locale('en').scriptName('tool').command('build <dir>', 'Builds', (command) => command.positional('dir', { type: 'string' }), (argv) => console.log('building', argv.dir, argv.out)).option('v', { count: true, alias: 'verbose' }).option('level', { type: 'number', choices: [1, 2, 3] }).demandCommand(1).strict(false).version(false).exitProcess(false);
console.log(JSON.stringify(await parser.parse()));
console.log(await yargs([]).locale('en').scriptName('tool').version(false).usage('$0 <x>').option('a', { describe: 'an a', default: 1 }).wrap(60).getHelp());
console.log(hideBin(['node', 'x', 'y']));

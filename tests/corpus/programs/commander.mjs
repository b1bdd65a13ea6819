// platforms: node; a command line.
import { Argument, Command, InvalidArgumentError, Option, program } from 'commander';

program.name('tool').version('1.2.3').option('-d, --debug', 'more').addOption(new Option('-l, --level <n>', 'level').choices(['1', '2']).default('1'));
program.command('copy').addArgument(new Argument('<from>')).argument('[to]', 'target', 'here').action((from, to, options, command) => console.log(from, to, command.optsWithGlobals()));
await program.parseAsync(['-d', 'copy', 'a', '-l', '2'], { from: 'user' });
console.log(program.helpInformation());
const failing = new Command().exitOverride().configureOutput({ writeErr: (text) => console.log(text.trim()) }).option('-n <x>', 'n', (value) => { if (Number.isNaN(Number(value))) throw new InvalidArgumentError('no number'); return Number(value); });
try {
    failing.parse(['-n', 'x'], { from: 'user' });
} catch (error) {
    console.log(error.code);
}

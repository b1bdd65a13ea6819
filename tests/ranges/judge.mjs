/**
 * npm's own answers: reads `[{ range, versions }]` as JSON from standard input and writes, per item, `null` where
 * npm refuses the range, and else one character per version: `1` it satisfies, `0` it does not, `-` it is
 * no version.
 */

import { text } from 'node:stream/consumers';
import semver from 'semver';

const questions = JSON.parse(await text(process.stdin));
const answers = questions.map(({ range, versions }) => {
    const parsed = semver.validRange(range) === null ? null : new semver.Range(range);
    return parsed && versions.map((version) => (semver.valid(version) === null ? '-' : parsed.test(version) ? '1' : '0')).join('');
});
process.stdout.write(JSON.stringify(answers));

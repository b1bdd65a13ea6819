import semver, { inc, satisfies, SemVer } from 'semver';

console.log(satisfies('1.2.3', '^1.0.0 || ~2'), inc('1.2.3-beta.1', 'prerelease'), semver.sort(['2.0.0', '1.10.0', '1.9.0']), semver.validRange('>=1 <2 || x'));
console.log(new SemVer('1.2.3+b').build, semver.coerce('v3.4 foo').version, semver.minVersion('>1.2').version, semver.subset('^1.2', '^1'));
